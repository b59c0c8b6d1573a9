using System.Runtime.InteropServices;
using System.Text.Json;

namespace AgentPersistence.Internal.Json;

/// <summary>
/// The backing field of a record's JSON member: <see cref="JsonElement"/> has no equality of its own, so the record's synthesised
/// one would compare documents by reference.
/// </summary>
internal readonly struct JsonText(JsonElement? element) : IEquatable<JsonText>
{
    public JsonElement? Element { get; } = element;

    public bool Equals(JsonText other)
    {
        if (Element is not { } mine || other.Element is not { } theirs)
            return Element.HasValue == other.Element.HasValue;
        if (mine.ValueKind is JsonValueKind.Undefined || theirs.ValueKind is JsonValueKind.Undefined)
            return mine.ValueKind == theirs.ValueKind;
        return JsonMarshal.GetRawUtf8Value(mine).SequenceEqual(JsonMarshal.GetRawUtf8Value(theirs));
    }

    public override bool Equals(object? obj) => obj is JsonText other && Equals(other);

    public override int GetHashCode()
    {
        if (Element is not { } element)
            return 0;
        if (element.ValueKind is JsonValueKind.Undefined)
            return 1;
        var hash = new HashCode();
        hash.AddBytes(JsonMarshal.GetRawUtf8Value(element));
        return hash.ToHashCode();
    }
}
