using CsCheck;
using Ebm.Core.Native;
using Ebm.Core.Randomness;
using Ebm.Core.Replay;
using Ebm.Core.Spec;
using Ebm.Core.States;
using static TorchSharp.torch;

namespace Ebm.Core.Tests.Replay;

public sealed class StateCodecTests
{
    static StateCodecTests() => TorchLibrary.EnsureLoaded();

    [Fact]
    public void Encode_OfDecodedLevels_GivesTheSameBytes() =>
        Gen.Select(Gen.Byte.Array[0, 200], Gen.Int[1, 20], Gen.Float[-100, 100], Gen.Float[0.01f, 100])
            .Sample((bytes, features, low, width) =>
            {
                var codec = new LevelsCodec(features, low, low + width);
                Assert.Equal(Whole(bytes, features), RoundTrip(codec, Whole(bytes, features)));
            });

    [Fact]
    public void Encode_OfAnyDecodedFloats_GivesTheSameBytes() =>
        Gen.Select(Gen.Byte.Array[0, 400], Gen.Int[1, 20]).Sample((bytes, features) =>
            Assert.Equal(Whole(bytes, 4 * features), RoundTrip(new FloatCodec(features), Whole(bytes, 4 * features))));

    [Fact]
    public void Decode_OfEncodedBits_GivesTheSameStates() =>
        Gen.Select(Gen.Bool.Array[0, 300], Gen.Int[1, 40]).Sample((bits, features) =>
        {
            using var scope = NewDisposeScope();
            var rows = bits.Length / features;
            var values = bits.Take(rows * features).Select(b => b ? 1f : 0f).ToArray();
            var codec = new BitsCodec(features);
            var encoded = new byte[rows * codec.BytesPerState];
            codec.Encode(tensor(values).view(rows, features), encoded);

            Assert.Equal((features + 7) / 8, codec.BytesPerState);
            var decoded = codec.Decode(encoded, rows, CPU);
            Assert.Equal([rows, features], decoded.shape);
            Assert.Equal(values, rows == 0 ? [] : decoded.data<float>().ToArray());
            Assert.Equal(encoded, RoundTrip(codec, encoded));
        });

    [Fact]
    public void Encode_OfBits_PutsTheFirstUnitInTheHighestBitAndPadsTheRow()
    {
        using var states = tensor(new float[] { 1, 0, 0, 0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1 }).view(
            2, 10);
        var encoded = new byte[4];
        new BitsCodec(10).Encode(states, encoded);

        Assert.Equal([0b1000_0011, 0b1000_0000, 0b0000_0000, 0b0100_0000], encoded);
    }

    [Fact]
    public void Encode_OfLevels_TakesTheNearestAndTheEndsBeyondTheRange()
    {
        float[] values = [-2, -1, -0.998f, -0.994f, 0, 0.999f, 1, 3e38f, 5, -5];
        var encoded = new byte[10];
        using var states = tensor(values).view(1, 10);
        new LevelsCodec(10, -1, 1).Encode(states, encoded);

        Assert.Equal([0, 0, 0, 1, 128, 255, 255, 255, 255, 0], encoded);
    }

    [Theory]
    [InlineData(StateEncoding.Uint8, float.NaN), InlineData(StateEncoding.Uint8, float.PositiveInfinity)]
    [InlineData(StateEncoding.Uint8, float.NegativeInfinity), InlineData(StateEncoding.Bits, 0.5f)]
    [InlineData(StateEncoding.Bits, float.NaN), InlineData(StateEncoding.Bits, 2f)]
    public void Encode_OfAValueWithoutACode_NamesItsRowAndFeature(StateEncoding encoding, float value)
    {
        var space = new StateSpace(10, encoding == StateEncoding.Bits ? UnitKind.Binary : UnitKind.Real);
        var codec = StateCodec.For(encoding, space, (0, 1));
        foreach (var feature in (int[])[0, 7, 8, 9])
        {
            using var states = zeros(4, 10);
            states[2, feature] = value;
            var error = Assert.Throws<EbmException>(() => codec.Encode(states, new byte[4 * codec.BytesPerState]));

            Assert.Contains($"row 2 has the value {value} at feature {feature}", error.Message);
        }
    }

    [Fact]
    public void DecodeDequantised_OfLevels_StaysInItsLevelAndInTheRangeAndIsUniform()
    {
        using var scope = NewDisposeScope();
        var codec = new LevelsCodec(1000, -1, 1);
        var encoded = Enumerable.Range(0, 256_000).Select(i => (byte)(i / 1000)).ToArray();
        var site = new NoiseSite(RandomKey.Derive(1, Purpose.Dequantise, 0, 1), 0);
        var states = codec.DecodeDequantised(encoded, 256, CPU, new PhiloxNoise(), site);
        var values = states.data<float>().ToArray();
        var offsets = values.Select((x, i) => (x - (-1 + encoded[i] * 2 / 255.0)) / codec.Step).ToArray();

        Assert.All(values, x => Assert.InRange(x, -1f, 1f));
        Assert.All(offsets, d => Assert.InRange(d, -0.5001, 0.5001));

        // Levels 1 to 254 are not cut off: their offsets are uniform on [-1/2, 1/2). Kolmogorov beyond 3: probability
        // 3e-8.
        var inner = offsets[1000..^1000];
        Assert.InRange(Randomness.Moments.Kolmogorov(inner, d => Math.Clamp(d + 0.5, 0, 1)), 0, 3);
    }

    [Fact]
    public void For_EachSpecThatCanBeHeld_IsTheCodecItNames()
    {
        var (binary, real) = (new StateSpace(784, UnitKind.Binary), new StateSpace(784, UnitKind.Real));

        Assert.Equal(98, Assert.IsType<BitsCodec>(StateCodec.For(StateEncoding.Auto, binary, null)).BytesPerState);
        Assert.Equal(3136, Assert.IsType<FloatCodec>(StateCodec.For(StateEncoding.Auto, real, null)).BytesPerState);
        Assert.Equal(784, Assert.IsType<LevelsCodec>(StateCodec.For(StateEncoding.Uint8, real, (-1, 1))).BytesPerState);
        Assert.IsType<FloatCodec>(StateCodec.For(StateEncoding.Float32, binary, null));
    }

    [Fact]
    public void For_ASpecThatNeedsTooMuchMemory_NamesTheRemedy()
    {
        var (binary, real) = (new StateSpace(4, UnitKind.Binary), new StateSpace(4, UnitKind.Real));

        Assert.Contains("float32", Refused(StateEncoding.Bits, real, null));
        Assert.Contains("needs a range", Refused(StateEncoding.Uint8, real, null));
        Assert.Contains("bits", Refused(StateEncoding.Uint8, binary, (0, 1)));
        Assert.Contains("[1, 1]", Refused(StateEncoding.Uint8, real, (1, 1)));
        Assert.Contains("distinguish the levels", Refused(StateEncoding.Uint8, real, (1e6f, 1e6f + 1)));
        Assert.Contains("finite", Refused(StateEncoding.Uint8, real, (float.NegativeInfinity, 0)));

        static string Refused(StateEncoding encoding, StateSpace space, (float, float)? range) =>
            Assert.Throws<InputException>(() => StateCodec.For(encoding, space, range)).Message;
    }

    [Fact]
    public void Encode_OfTheWrongShape_NamesTheExpectedOne()
    {
        using var states = zeros(2, 5);
        Assert.Contains("[n, 4]", Assert.Throws<ArgumentException>(() => new FloatCodec(4)
            .Encode(states, new byte[32])).Message);
        Assert.Contains("40 bytes", Assert.Throws<ArgumentException>(() => new FloatCodec(5)
            .Encode(states, new byte[39])).Message);
    }

    private static byte[] Whole(byte[] bytes, int size) => bytes[..(bytes.Length / size * size)];

    private static byte[] RoundTrip(StateCodec codec, byte[] encoded)
    {
        using var states = codec.Decode(encoded, encoded.Length / codec.BytesPerState, CPU);
        var again = new byte[encoded.Length];
        codec.Encode(states, again);
        return again;
    }
}
