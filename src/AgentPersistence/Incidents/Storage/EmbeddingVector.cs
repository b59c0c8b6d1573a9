using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace AgentPersistence.Incidents.Storage;

/// <summary>A vector of length 1 as it is stored: 4-byte floats, little-endian. Products of two of them sum up to their cosine.</summary>
internal static class EmbeddingVector
{
    public const int MostDimensions = 8_192;

    /// <exception cref="ArgumentException">The vector has no direction, or is too long.</exception>
    public static byte[] From(ReadOnlySpan<float> vector, string argument)
    {
        if (vector.Length is 0 or > MostDimensions)
        {
            throw new ArgumentException($"An embedding must hold 1 to {MostDimensions} numbers.", argument);
        }

        // Scaled by the greatest number first, so that squaring neither overflows nor vanishes.
        var greatest = 0f;
        foreach (var number in vector)
        {
            greatest = float.IsFinite(number) ? Math.Max(greatest, Math.Abs(number)) : float.NaN;
            if (float.IsNaN(greatest))
            {
                throw new ArgumentException("An embedding must hold finite numbers.", argument);
            }
        }

        return greatest > 0 ? Scale(vector, greatest) : throw new ArgumentException("An embedding must not be all zero.", argument);
    }

    /// <summary>The cosine of two stored vectors of as many numbers.</summary>
    public static double Cosine(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        if (!BitConverter.IsLittleEndian)
        {
            var slow = 0d;
            for (var i = 0; i < first.Length; i += sizeof(float))
            {
                slow += BinaryPrimitives.ReadSingleLittleEndian(first[i..]) * BinaryPrimitives.ReadSingleLittleEndian(second[i..]);
            }

            return slow;
        }

        var a = MemoryMarshal.Cast<byte, float>(first);
        var b = MemoryMarshal.Cast<byte, float>(second);
        var sums = Vector<float>.Zero;
        var done = 0;
        for (; done <= a.Length - Vector<float>.Count; done += Vector<float>.Count)
        {
            sums += new Vector<float>(a[done..]) * new Vector<float>(b[done..]);
        }

        var sum = (double)Vector.Sum(sums);
        for (; done < a.Length; done++)
        {
            sum += a[done] * b[done];
        }

        return Math.Clamp(sum, -1, 1);
    }

    private static byte[] Scale(ReadOnlySpan<float> vector, float greatest)
    {
        var squares = 0d;
        foreach (var number in vector)
        {
            squares += (double)number / greatest * (number / greatest);
        }

        var (stored, length) = (new byte[vector.Length * sizeof(float)], Math.Sqrt(squares));
        for (var i = 0; i < vector.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(stored.AsSpan(i * sizeof(float)), (float)((double)vector[i] / greatest / length));
        }

        return stored;
    }
}
