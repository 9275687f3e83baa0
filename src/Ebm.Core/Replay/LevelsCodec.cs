using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Ebm.Core.Randomness;
using static TorchSharp.torch;

namespace Ebm.Core.Replay;

/// <summary>
/// Real states, quantised to 256 levels of a closed range: level k stands for low + k (high - low) / 255. A value is
/// rounded to the nearest level; a finite value outside the range is clamped.
/// </summary>
internal sealed class LevelsCodec : StateCodec
{
    private const int Levels = 256;
    private readonly float[] _values = new float[Levels];
    private readonly float _perUnit;

    /// <summary>Creates the codec of states of <paramref name="features"/> values in [low, high].</summary>
    /// <exception cref="InputException">
    /// The range is empty, infinite, or too narrow for float32 to distinguish its levels.
    /// </exception>
    public LevelsCodec(int features, float low, float high) : base(features, features)
    {
        (Low, High) = (low, high);
        Step = (high - low) / (Levels - 1);
        _perUnit = (Levels - 1) / (high - low);
        for (var k = 0; k < Levels; k++)
        {
            _values[k] = (float)(low + k * ((double)high - low) / (Levels - 1));
        }

        Span<byte> levels = stackalloc byte[Levels];
        if (!(low < high) || !float.IsFinite(high - low) || !TryEncodeState(_values, levels) || !IsAscending(levels))
        {
            throw new InputException(
                $"States cannot be stored as 256 levels of the range [{low}, {high}]. Expected a finite range of "
                + "positive width, wide enough for float32 to distinguish the levels.");
        }
    }

    /// <summary>Value of level 0.</summary>
    public float Low { get; }

    /// <summary>Value of level 255.</summary>
    public float High { get; }

    /// <summary>Distance between neighbouring levels.</summary>
    public float Step { get; }

    /// <summary>
    /// Decodes and dequantises: adds uniform noise of one step's width, clamped to the range, so that chains continue
    /// from real states and not from a lattice.
    /// </summary>
    /// <returns>All replicas, [count, replicas * features], float32, on <paramref name="device"/>.</returns>
    public Tensor DecodeDequantised(ReadOnlySpan<byte> encoded, int count, Device device, INoise noise, NoiseSite site)
    {
        using var scope = NewDisposeScope();
        var states = DecodeReplicas(encoded, count, device);
        var within = empty_like(states);
        noise.FillUniform(within, site);
        using Scalar half = 0.5f, step = Step, low = Low, high = High;
        states.add_(within.sub_(half), step).clamp_(low, high);
        return states.MoveToOuterDisposeScope();
    }

    private protected override bool TryEncodeState(ReadOnlySpan<float> state, Span<byte> destination)
    {
        var eights = MemoryMarshal.Cast<float, Vector256<float>>(state);
        var finite = Vector256<float>.AllBitsSet;
        var (low, perUnit) = (Vector256.Create(Low), Vector256.Create(_perUnit));
        var (half, top) = (Vector256.Create(0.5f), Vector256.Create(Levels - 1f));
        for (var i = 0; i < eights.Length; i++)
        {
            finite &= Vector256.LessThan(Vector256.Abs(eights[i]), Vector256.Create(float.PositiveInfinity));
            var level = Vector256.FusedMultiplyAdd(eights[i] - low, perUnit, half);
            level = Vector256.MinNative(Vector256.MaxNative(level, Vector256<float>.Zero), top);
            var integers = Vector256.ConvertToInt32Native(level);
            var shorts = Vector128.Narrow(integers.GetLower(), integers.GetUpper());
            Vector128.Narrow(shorts, shorts).GetLower().AsByte().CopyTo(destination[(8 * i)..]);
        }

        for (var i = eights.Length * 8; i < state.Length; i++)
        {
            if (!float.IsFinite(state[i]))
            {
                return false;
            }

            var level = float.FusedMultiplyAdd(state[i] - Low, _perUnit, 0.5f);
            destination[i] = (byte)float.Clamp(level, 0, Levels - 1);
        }

        return finite.AsInt32() == Vector256<int>.AllBitsSet;
    }

    private protected override void DecodeState(ReadOnlySpan<byte> encoded, Span<float> state)
    {
        for (var i = 0; i < state.Length; i++)
        {
            state[i] = _values[encoded[i]];
        }
    }

    private protected override bool CanEncode(float value, out string expected)
    {
        expected = $"finite values, quantised to 256 levels of [{Low}, {High}]";
        return float.IsFinite(value);
    }

    private static bool IsAscending(ReadOnlySpan<byte> levels)
    {
        for (var k = 0; k < levels.Length; k++)
        {
            if (levels[k] != k)
            {
                return false;
            }
        }

        return true;
    }
}
