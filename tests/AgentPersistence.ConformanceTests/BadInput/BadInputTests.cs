using System.Text.Json;
using AgentPersistence.ConformanceTests.Infrastructure;

namespace AgentPersistence.ConformanceTests.BadInput;

/// <summary>
/// Whatever a caller passes is refused by the argument's name, before anything is written, or comes back identical; on both databases
/// alike. A new store adds its places to <see cref="Places"/>; a new kind of nuisance goes into <see cref="GivenValue"/>.
/// </summary>
public abstract class BadInputTests(TestDatabases databases) : DatabaseTests(databases)
{
    private static readonly Dictionary<string, Place> Places = ((IEnumerable<Place>)
    [
        .. AuditPlaces.All, .. MetricsPlaces.All, .. SessionPlaces.All, .. IdempotencyPlaces.All, .. CustomerPlaces.All,
        .. ConversationPlaces.All, .. JobPlaces.All,
        .. ApprovalPlaces.All,
        .. TransactionPlaces.All,
        .. DeploymentPlaces.All, .. KnowledgePlaces.All, .. InteractionPlaces.All,
        .. TokenPlaces.All,
        .. IncidentPlaces.All,
    ]).ToDictionary(place => place.Name);

    private Agent _agent = null!;

    public static TheoryData<string> AllPlaces => [.. Places.Keys];

    public static TheoryData<string> RefusingPlaces =>
        [.. Places.Values.Where(place => GivenValue.For(place.Kind).Any(value => value.IsRefused)).Select(place => place.Name)];

    public static TheoryData<string> JsonPlaces =>
        [.. Places.Values.Where(place => IsJson(place.Kind)).Select(place => place.Name)];

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _agent = new Agent(Database, configure: options => options.MaxJsonBytes = GivenJson.MaxBytes);
    }

    public override async ValueTask DisposeAsync()
    {
        await _agent.DisposeAsync();
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [MemberData(nameof(AllPlaces))]
    public async Task Every_value_that_is_not_refused_comes_back_identical(string place)
    {
        var wrong = new List<string>();
        foreach (var (value, call) in await PrepareAsync(Places[place], value => !value.IsRefused))
        {
            var (came, thrown) = await TryAsync(() => call(value.Given));
            if (thrown is not null || GivenValue.Show(came) != GivenValue.Show(value.Stored))
            {
                wrong.Add($"{value.Name}: {thrown?.ToString() ?? $"came back as {GivenValue.Show(came) ?? "nothing"}"}");
            }
        }

        Assert.Empty(wrong);
    }

    [Theory]
    [MemberData(nameof(RefusingPlaces))]
    public async Task Every_bad_value_is_refused_by_the_arguments_name_and_leaves_nothing(string place)
    {
        var wrong = new List<string>();
        var calls = await PrepareAsync(Places[place], value => value.IsRefused);
        var before = await Database.CountAsync(Places[place].Table);
        foreach (var (value, call) in calls)
        {
            var (_, thrown) = await TryAsync(() => call(value.Given));
            if (!IsRefusal(Places[place], thrown))
            {
                wrong.Add($"{value.Name}: {thrown?.ToString() ?? "was accepted"}");
            }
        }

        Assert.Empty(wrong);
        Assert.Equal(before, await Database.CountAsync(Places[place].Table));
    }

    [Theory]
    [MemberData(nameof(RefusingPlaces))]
    public async Task One_bad_value_among_many_concurrent_callers_fails_alone(string place)
    {
        var there = Places[place];
        var bad = GivenValue.For(there.Kind).First(value => value.IsRefused);
        object? Value(int i) => i == 16 ? bad.Given
            : IsJson(there.Kind) ? GivenJson.Parse($"[{i}]")
            : $"good {i} {Guid.CreateVersion7()}";
        var calls = new List<(object? Value, Func<object?, Task<object?>> Make)>();
        for (var i = 0; i < 32; i++)
        {
            calls.Add((Value(i), await there.PrepareAsync(_agent)));
        }

        var running = calls.Select(call => Task.Run(() => call.Make(call.Value), Cancellation)).ToList();

        Assert.True(IsRefusal(there, (await TryAsync(() => running[16])).Thrown), bad.Name);
        running.RemoveAt(16);
        calls.RemoveAt(16);
        Assert.Equal(calls.Select(call => GivenValue.Show(call.Value)), (await Task.WhenAll(running)).Select(GivenValue.Show));
    }

    [Theory]
    [MemberData(nameof(JsonPlaces))]
    public async Task A_document_may_be_disposed_once_the_call_has_started(string place)
    {
        const string Text = """{ "kept" : 1.50 }""";
        var call = await Places[place].PrepareAsync(_agent);
        var document = GivenJson.Document(Text);

        var running = call(document.RootElement);
        document.Dispose();

        Assert.Equal(Text, ((JsonElement)(await running)!).GetRawText());
    }

    private static bool IsJson(PlaceKind kind) => kind is PlaceKind.Json or PlaceKind.OptionalJson or PlaceKind.CanonicalJson;

    private async Task<List<(GivenValue Value, Func<object?, Task<object?>> Call)>> PrepareAsync(Place place, Func<GivenValue, bool> which)
    {
        var calls = new List<(GivenValue, Func<object?, Task<object?>>)>();
        foreach (var value in GivenValue.For(place.Kind).Where(which))
        {
            calls.Add((value, await place.PrepareAsync(_agent)));
        }

        return calls;
    }

    // Besides, a payload must not end up in somebody's log by way of a message.
    private static bool IsRefusal(Place place, Exception? thrown) =>
        thrown is ArgumentException refusal && refusal.ParamName == place.Argument
        && !refusal.ToString().Contains("secret", StringComparison.Ordinal);

    private static async Task<(object? Came, Exception? Thrown)> TryAsync(Func<Task<object?>> call)
    {
        try
        {
            return (await call(), null);
        }
#pragma warning disable CA1031 // Whatever it is, it is judged.
        catch (Exception thrown)
#pragma warning restore CA1031
        {
            return (null, thrown);
        }
    }
}
