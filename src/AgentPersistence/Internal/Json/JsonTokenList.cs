using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace AgentPersistence.Internal.Json;

/// <summary>One JSON text as a flat list of tokens in reading order: a container, then its content; a property name, then its
/// value.</summary>
internal sealed class JsonTokenList(int length) : IDisposable
{
    private const int MaxPlaceLength = 200;
    private const int MaxNameLength = 60;

    private Token[] _tokens = ArrayPool<Token>.Shared.Rent(Math.Max(length / 8, 16));

    public int Count { get; private set; }

    /// <summary>The scalars' text, one after the other: strings without quotes and escapes, numbers canonical.</summary>
    public PooledByteWriter Text { get; } = new(Math.Max(length, 16));

    public ref readonly Token this[int index] => ref _tokens[index];

    public void Add(Token token)
    {
        if (Count == _tokens.Length)
        {
            Token[] larger = ArrayPool<Token>.Shared.Rent(Count * 2);
            _tokens.AsSpan(0, Count).CopyTo(larger);
            ArrayPool<Token>.Shared.Return(_tokens);
            _tokens = larger;
        }

        _tokens[Count++] = token;
    }

    /// <summary>Ends the container at <paramref name="index"/> with the token added last.</summary>
    public void Close(int index) => _tokens[index].Next = Count;

    public ReadOnlySpan<byte> TextOf(int index) => Text.WrittenSpan.Slice(_tokens[index].Start, _tokens[index].Length);

    /// <summary>A refusal that names the place of the token at <paramref name="index"/>, which may be the one about to be added.</summary>
    public JsonRefusedException Refuse(string reason, int index)
    {
        StringBuilder place = new("$");
        for (int at = 0; at < index && place.Length < MaxPlaceLength;)
        {
            at = _tokens[at].Type == JsonTokenType.StartArray ? StepIntoArray(at, index, place) : StepIntoObject(at, index, place);
        }

        return new JsonRefusedException(reason, place.ToString());
    }

    public void Dispose()
    {
        Text.Dispose();
        ArrayPool<Token>.Shared.Return(_tokens);
        _tokens = [];
    }

    private int StepIntoArray(int array, int target, StringBuilder place)
    {
        int item = array + 1;
        int position = 0;
        while (item < target && _tokens[item].Next <= target)
        {
            item = _tokens[item].Next;
            position++;
        }

        place.Append(CultureInfo.InvariantCulture, $"[{position}]");
        return item;
    }

    private int StepIntoObject(int container, int target, StringBuilder place)
    {
        int name = container + 1;
        while (name + 1 < target && _tokens[name + 1].Next <= target)
        {
            name = _tokens[name + 1].Next;
        }

        if (name >= target)
        {
            return target;
        }

        string text = Encoding.UTF8.GetString(TextOf(name));
        bool isPlain = text.Length is > 0 and <= MaxNameLength && text.All(char.IsAsciiLetterOrDigit);
        string shown = text.Length <= MaxNameLength ? text : text[..MaxNameLength];
        place.Append(isPlain ? $".{text}" : $"['{JavaScriptEncoder.Default.Encode(shown)}']");
        return name + 1;
    }

    /// <summary>Next is the index after the token and its content, and <see cref="int.MaxValue"/> while a container is open.</summary>
    internal record struct Token(JsonTokenType Type, bool WasEscaped, int Start, int Length, int Next);
}
