using System.Buffers;
using System.Text.Json;

namespace AgentPersistence.Internal.Json;

/// <summary>Writes tokens as RFC 8785 sections 3.2.1 to 3.2.4 want them: no white space, properties sorted, UTF-8.</summary>
internal sealed class CanonicalWriter(JsonTokenList tokens, PooledByteWriter output) : IComparer<int>
{
    /// <exception cref="JsonRefusedException">A name occurs twice in one object.</exception>
    public void Write() => WriteValue(0);

    int IComparer<int>.Compare(int left, int right) => CompareNames(left, right);

    private void WriteValue(int index)
    {
        switch (tokens[index].Type)
        {
            case JsonTokenType.StartObject: WriteObject(index); break;
            case JsonTokenType.StartArray: WriteArray(index); break;
            case JsonTokenType.Number: output.Append(tokens.TextOf(index)); break;
            case JsonTokenType.True: output.Append("true"u8); break;
            case JsonTokenType.False: output.Append("false"u8); break;
            case JsonTokenType.Null: output.Append("null"u8); break;
            default: WriteString(index); break;
        }
    }

    private void WriteArray(int index)
    {
        output.Append((byte)'[');
        int end = tokens[index].Next;
        for (int item = index + 1; item < end; item = tokens[item].Next)
        {
            if (item > index + 1)
            {
                output.Append((byte)',');
            }

            WriteValue(item);
        }

        output.Append((byte)']');
    }

    private void WriteObject(int index)
    {
        int[] names = ArrayPool<int>.Shared.Rent((tokens[index].Next - index) / 2);
        try
        {
            int count = Sort(index, names);
            output.Append((byte)'{');
            for (int i = 0; i < count; i++)
            {
                if (i > 0)
                {
                    output.Append((byte)',');
                }

                WriteString(names[i]);
                output.Append((byte)':');
                WriteValue(names[i] + 1);
            }

            output.Append((byte)'}');
        }
        finally
        {
            ArrayPool<int>.Shared.Return(names);
        }
    }

    private int Sort(int index, int[] names)
    {
        int count = 0;
        int end = tokens[index].Next;
        bool isSorted = true;
        for (int name = index + 1; name < end; name = tokens[name + 1].Next)
        {
            isSorted = isSorted && (count == 0 || CompareNames(names[count - 1], name) < 0);
            names[count++] = name;
        }

        if (isSorted)
        {
            return count;
        }

        Array.Sort(names, 0, count, this);
        for (int i = 1; i < count; i++)
        {
            if (CompareNames(names[i - 1], names[i]) == 0)
            {
                throw tokens.Refuse("this property name occurs twice in its object.", names[i] + 1);
            }
        }

        return count;
    }

    private void WriteString(int index)
    {
        if (tokens[index].WasEscaped)
        {
            CanonicalString.Write(tokens.TextOf(index), output);
            return;
        }

        // What a strict reader accepts without a backslash needs none.
        output.Append((byte)'"');
        output.Append(tokens.TextOf(index));
        output.Append((byte)'"');
    }

    private int CompareNames(int left, int right) => CanonicalString.CompareByUtf16(tokens.TextOf(left), tokens.TextOf(right));
}
