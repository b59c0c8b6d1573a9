using System.Text.Json;
using AgentPersistence.ConformanceTests.Infrastructure;

namespace AgentPersistence.ConformanceTests.BadInput;

/// <summary>What may be given in a place, and so which rows of <see cref="GivenValue"/> are tried there.</summary>
internal enum PlaceKind
{
    /// <summary>An id or key that must be there.</summary>
    Key,

    /// <summary>An id or key; where none is given, the library makes one.</summary>
    MadeKey,

    /// <summary>An id or key that may be absent.</summary>
    OptionalKey,

    /// <summary>An id or key that is only looked for.</summary>
    Lookup,

    /// <summary>A key that may be empty.</summary>
    Scope,

    /// <summary>Bounded free text.</summary>
    Name,

    /// <summary>Free text.</summary>
    Text,

    /// <summary>Free text that must be there.</summary>
    RequiredText,

    /// <summary>JSON that must be there.</summary>
    Json,

    /// <summary>JSON that may be absent.</summary>
    OptionalJson,

    /// <summary>JSON that must be there and have one meaning.</summary>
    CanonicalJson,

    /// <summary>A time that may be absent.</summary>
    Time,

    /// <summary>A time; where none is given, it is now.</summary>
    TimeOrNow,
}

/// <summary>
/// A place where a caller's value goes in: how to store it there, and what comes back when it is read again. The last part of its name
/// is the argument that a refusal must name.
/// </summary>
internal sealed class Place(string name, PlaceKind kind, string table, Func<Agent, Task<Func<object?, Task<object?>>>> prepare)
{
    public string Name => name;

    public PlaceKind Kind => kind;

    public string Argument => name.Split('.')[^1];

    /// <summary>Where a refused value must leave no row.</summary>
    public string Table => table;

    /// <summary>Does what comes before the call; the function it returns makes the call before it first waits.</summary>
    public Task<Func<object?, Task<object?>>> PrepareAsync(Agent agent) => prepare(agent);

    public static Place Of(string name, PlaceKind kind, string table, Func<Agent, string?, Task<string?>> store) =>
        new(name, kind, table, agent => Ready(async value => await store(agent, (string?)value)));

    public static Place Of(string name, PlaceKind kind, string table, Func<Agent, JsonElement?, Task<JsonElement?>> store) =>
        new(name, kind, table, agent => Ready(async value => await store(agent, (JsonElement?)value)));

    public static Place Of(string name, PlaceKind kind, string table, Func<Agent, DateTimeOffset?, Task<DateTimeOffset?>> store) =>
        new(name, kind, table, agent => Ready(async value => await store(agent, (DateTimeOffset?)value)));

    /// <summary>A key that is only looked for: any answer but a refusal will do.</summary>
    public static Place Lookup(string name, string table, Func<Agent, string, Task> look) =>
        new(name, PlaceKind.Lookup, table, agent => Ready(async value =>
        {
            try
            {
                await look(agent, (string)value!);
            }
            catch (AgentPersistenceException)
            {
                // There is no such record.
            }

            return value;
        }));

    private static Task<Func<object?, Task<object?>>> Ready(Func<object?, Task<object?>> call) => Task.FromResult(call);
}
