using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Ebm.Core.Replay;

/// <summary>
/// Binary states, one bit per unit. The first unit is the most significant bit; each state is padded to complete bytes.
/// </summary>
internal sealed class BitsCodec(int features) : StateCodec(features, (features + 7) / 8)
{
    private static readonly Vector256<int> Reversed = Vector256.Create(7, 6, 5, 4, 3, 2, 1, 0);
    private static readonly Vector256<int> Weights = Vector256.Create(128, 64, 32, 16, 8, 4, 2, 1);

    private protected override bool TryEncodeState(ReadOnlySpan<float> state, Span<byte> destination)
    {
        var eights = MemoryMarshal.Cast<float, Vector256<float>>(state);
        var valid = Vector256<float>.AllBitsSet;
        for (var i = 0; i < eights.Length; i++)
        {
            var ones = Vector256.Equals(eights[i], Vector256<float>.One);
            valid &= ones | Vector256.Equals(eights[i], Vector256<float>.Zero);
            destination[i] = (byte)Vector256.Shuffle(ones.AsInt32(), Reversed).ExtractMostSignificantBits();
        }

        var rest = state[(eights.Length * 8)..];
        var last = 0;
        for (var i = 0; i < rest.Length; i++)
        {
            if (rest[i] is not (0 or 1))
            {
                return false;
            }

            last |= (int)rest[i] << (7 - i);
        }

        if (rest.Length > 0)
        {
            destination[^1] = (byte)last;
        }

        return valid.AsInt32() == Vector256<int>.AllBitsSet;
    }

    private protected override void DecodeState(ReadOnlySpan<byte> encoded, Span<float> state)
    {
        var eights = MemoryMarshal.Cast<float, Vector256<float>>(state);
        for (var i = 0; i < eights.Length; i++)
        {
            var set = Vector256.Equals(Vector256.Create((int)encoded[i]) & Weights, Weights);
            eights[i] = set.AsSingle() & Vector256<float>.One;
        }

        var rest = state[(eights.Length * 8)..];
        for (var i = 0; i < rest.Length; i++)
        {
            rest[i] = (encoded[^1] >> (7 - i)) & 1;
        }
    }

    private protected override bool CanEncode(float value, out string expected)
    {
        expected = "0 and 1 only";
        return value is 0 or 1;
    }
}
