namespace Ebm.Core.Replay;

/// <summary>Categorical states, one byte per unit: its category.</summary>
internal sealed class IndexCodec(int features, int categories) : StateCodec(features, features)
{
    private protected override bool TryEncodeState(ReadOnlySpan<float> state, Span<byte> destination)
    {
        for (var i = 0; i < state.Length; i++)
        {
            if (!CanEncode(state[i], out _))
            {
                return false;
            }

            destination[i] = (byte)state[i];
        }

        return true;
    }

    private protected override void DecodeState(ReadOnlySpan<byte> encoded, Span<float> state)
    {
        for (var i = 0; i < state.Length; i++)
        {
            state[i] = encoded[i];
        }
    }

    private protected override bool CanEncode(float value, out string expected)
    {
        expected = $"integers from 0 to {categories - 1}";
        return value >= 0 && value < categories && value == MathF.Floor(value);
    }
}
