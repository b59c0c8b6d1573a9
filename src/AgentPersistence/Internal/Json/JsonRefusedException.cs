using System.Text.Json;

namespace AgentPersistence.Internal.Json;

/// <summary>
/// JSON that has no canonical form. A <see cref="JsonException"/>, because the serializer adds to those the path of the member it was
/// writing.
/// </summary>
/// <param name="reason">What is wrong, without any payload value.</param>
/// <param name="where">The place inside the JSON text, beginning with <c>$</c>; null where only the serializer knows it.</param>
internal sealed class JsonRefusedException(string reason, string? where) : JsonException(reason)
{
    public string Reason { get; } = reason;

    /// <summary>The place below the argument, without the leading <c>$</c>: the member being written, then the place inside its
    /// JSON.</summary>
    public string Place => WithoutRoot(Path) + WithoutRoot(where);

    public ArgumentException ToArgumentException(string argument, string? parameterName) =>
        new($"{argument}{Place}: {Reason}", parameterName, this);

    public static string WithoutRoot(string? path) => path is ['$', ..] ? path[1..] : path ?? "";
}
