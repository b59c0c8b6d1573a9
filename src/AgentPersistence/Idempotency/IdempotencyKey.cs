using AgentPersistence.Internal.Json;

namespace AgentPersistence.Idempotency;

/// <summary>Makes keys and fingerprints that are the same for the same content, in every process and on every machine.</summary>
/// <remarks>
/// <para>
/// A result is <c>v1:</c> and 64 lower-case hexadecimal digits (67 characters): SHA-256 over the canonical JSON of the content. Canonical
/// JSON is RFC 8785 (white space, the order of properties and the spelling of numbers and escapes do not count) with one addition: numbers
/// that a double would round keep their digits where they are integers or a .NET <see cref="decimal"/>, so 9007199254740993 and
/// 9007199254740992 differ. A hash is no encryption: whoever can guess the content can confirm the guess.
/// </para>
/// <para>
/// Values are serialised by System.Text.Json with its web defaults (camel-case names), public fields included; a value is seen as its own
/// type shows it, a member as the member's declared type. <see cref="System.Text.Json.JsonElement"/>,
/// <see cref="System.Text.Json.JsonDocument"/> and <see cref="System.Text.Json.Nodes.JsonNode"/> stand for the JSON they hold, in which a
/// number with a point or an exponent is a double. What the serialiser leaves out (private members, ignored properties) is not part of the
/// key.
/// </para>
/// <para>
/// What is the same and what differs: the text "1" and the number 1 differ; 1, 1L, 1.0 and 1.00m are one number; null, an empty string and
/// an empty list differ from each other and from a part that is not there; an enum is its number (with a <c>JsonStringEnumConverter</c> on
/// its type, its name); a <see cref="Guid"/>, a date or a <see cref="TimeSpan"/> is the text the serialiser writes, so the same instant
/// with another offset is another key; dictionaries and objects with the same names and values are the same, in whatever order; lists keep
/// their order.
/// </para>
/// </remarks>
public static class IdempotencyKey
{
    internal const string Version = "v1:";

    /// <summary>The key for an operation described by its parts, in their order: what is done, for whom, with what.</summary>
    /// <param name="parts">
    /// At least one part; a part may be null. Note C#'s array conversions: an <c>object[]</c> or <c>string[]</c> alone is taken as the
    /// list of parts, an <c>int[]</c> as one part.
    /// </param>
    /// <returns><c>v1:</c> and the SHA-256 of the canonical JSON array of the parts; 67 characters.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="parts"/> itself is null; write <c>(object?)null</c> for one part that is
    /// null.</exception>
    /// <exception cref="ArgumentException">
    /// There is no part, or one has no canonical JSON: ill-formed UTF-16, the same name twice in an object, NaN or a number beyond the
    /// range of a double, more than 512 levels inside one another, a cycle, JSON that is not strict RFC 8259, or a type that
    /// System.Text.Json cannot serialise. The message names the part and the place inside it, never a value.
    /// </exception>
    public static string From(params object?[] parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        if (parts.Length == 0)
        {
            throw new ArgumentException("A key needs at least one part.", nameof(parts));
        }

        using PooledByteWriter canonical = new();
        for (int i = 0; i < parts.Length; i++)
        {
            canonical.Append(i == 0 ? (byte)'[' : (byte)',');
            CanonicalJson.WriteValue(parts[i], declared: null, canonical, nameof(parts), i);
        }

        canonical.Append((byte)']');
        return Version + CanonicalJson.Sha256Hex(canonical);
    }

    /// <summary>The fingerprint of a request's content, by which a key used again for something else is recognised.</summary>
    /// <typeparam name="T">The payload's type; it decides only whether a type discriminator (<c>JsonPolymorphic</c>) is part of the
    /// content.</typeparam>
    /// <param name="payload">The content; may be null, which has a fingerprint of its own.</param>
    /// <returns><c>v1:</c> and the SHA-256 of the payload's canonical JSON; 67 characters.</returns>
    /// <exception cref="ArgumentException">The payload has no canonical JSON; see <see cref="From"/>.</exception>
    public static string Fingerprint<T>(T payload)
    {
        using PooledByteWriter canonical = new();
        CanonicalJson.WriteValue(payload, typeof(T), canonical, nameof(payload));
        return Version + CanonicalJson.Sha256Hex(canonical);
    }
}
