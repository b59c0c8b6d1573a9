using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace AgentPersistence.Internal.Json;

/// <summary>
/// RFC 7396 on JSON text: what a patch does not touch keeps its exact text, numbers, escapes and duplicate names included, and so does
/// what it brings. Where a name that is touched occurs several times, on either side, the last one counts and one remains.
/// </summary>
internal static class MergePatch
{
    /// <summary>Applies a patch to a target, both strict JSON of at most <see cref="Input.MaxJsonDepth"/> levels.</summary>
    /// <param name="target">What is there; null where there is nothing.</param>
    /// <param name="patch">What to change.</param>
    public static string Apply(string? target, string patch)
    {
        using var merged = new PooledByteWriter(patch.Length + (target?.Length ?? 0) + 1);
        Merge(StoredJson.Parse(target), StoredJson.Parse(patch)!.Value, merged);
        return Encoding.UTF8.GetString(merged.WrittenSpan);
    }

    private static void Merge(JsonElement? target, JsonElement patch, PooledByteWriter merged)
    {
        var old = target is { ValueKind: JsonValueKind.Object } ? target : null;
        if (patch.ValueKind is not JsonValueKind.Object || (old is null && RemovesNothing(patch)))
        {
            merged.Append(JsonMarshal.GetRawUtf8Value(patch));
        }
        else if (old is { } unchanged && !patch.EnumerateObject().Any())
        {
            merged.Append(JsonMarshal.GetRawUtf8Value(unchanged));
        }
        else
        {
            MergeMembers(old is { } members ? [.. members.EnumerateObject()] : [], patch, merged);
        }
    }

    private static void MergeMembers(JsonProperty[] target, JsonElement patch, PooledByteWriter merged)
    {
        var changes = LastOfEachName(patch.EnumerateObject());
        var touched = LastOfEachName(target.Where(member => changes.ContainsKey(NameOf(member))));
        var written = new HashSet<string>(StringComparer.Ordinal);
        merged.Append((byte)'{');
        foreach (var member in target)
        {
            var name = NameOf(member);
            if (!changes.TryGetValue(name, out var change))
            {
                WriteName(member, merged);
                merged.Append(JsonMarshal.GetRawUtf8Value(member.Value));
            }
            else if (written.Add(name) && change.Value.ValueKind is not JsonValueKind.Null)
            {
                WriteName(member, merged);
                Merge(touched[name].Value, change.Value, merged);
            }
        }

        foreach (var (_, change) in changes.Where(c => c.Value.Value.ValueKind is not JsonValueKind.Null && !written.Contains(c.Key)))
        {
            WriteName(change, merged);
            Merge(null, change.Value, merged);
        }

        merged.Append((byte)'}');
    }

    private static void WriteName(JsonProperty member, PooledByteWriter merged)
    {
        if (merged.WrittenSpan[^1] != (byte)'{')
        {
            merged.Append((byte)',');
        }

        merged.Append((byte)'"');
        merged.Append(JsonMarshal.GetRawUtf8PropertyName(member));
        merged.Append("\":"u8);
    }

    private static bool RemovesNothing(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => false,
        JsonValueKind.Object => value.EnumerateObject().All(member => RemovesNothing(member.Value)),
        _ => true,
    };

    private static OrderedDictionary<string, JsonProperty> LastOfEachName(IEnumerable<JsonProperty> members)
    {
        var last = new OrderedDictionary<string, JsonProperty>(StringComparer.Ordinal);
        foreach (var member in members)
        {
            last[NameOf(member)] = member;
        }

        return last;
    }

    // Not JsonProperty.Name, which refuses an escaped lone surrogate.
    private static string NameOf(JsonProperty member)
    {
        var raw = Encoding.UTF8.GetString(JsonMarshal.GetRawUtf8PropertyName(member));
        if (!raw.Contains('\\', StringComparison.Ordinal))
        {
            return raw;
        }

        var name = new StringBuilder(raw.Length);
        for (var i = 0; i < raw.Length; i++)
        {
            if (raw[i] != '\\')
            {
                name.Append(raw[i]);
            }
            else if (raw[++i] == 'u')
            {
                name.Append((char)ushort.Parse(raw.AsSpan(i + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
                i += 4;
            }
            else
            {
                name.Append(raw[i] switch { 'b' => '\b', 'f' => '\f', 'n' => '\n', 'r' => '\r', 't' => '\t', var itself => itself });
            }
        }

        return name.ToString();
    }
}
