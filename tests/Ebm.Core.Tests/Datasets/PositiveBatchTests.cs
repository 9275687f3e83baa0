using Ebm.Core.Datasets;
using Ebm.Core.Native;
using Ebm.Core.Spec;
using Ebm.Core.States;
using static TorchSharp.torch;

namespace Ebm.Core.Tests.Datasets;

public sealed class PositiveBatchTests
{
    static PositiveBatchTests() => TorchLibrary.EnsureLoaded();

    private readonly HashNoise _noise = new();

    [Theory]
    [InlineData(Binarise.None, 0.3)]
    [InlineData(Binarise.Sample, 0)]
    public void Rows_InAnyParts_AreTheRowsOfTheBatch(Binarise binarise, double dataNoise)
    {
        var data = Load(binarise);
        var keys = BatchKeys.Of(9, 0, 4);
        long[] indices = [5, 2, 2, 7, 0, 9];
        using var whole = PositiveBatch.Rows(data, indices, 0, keys, _noise, CPU, dataNoise);
        using var head = PositiveBatch.Rows(data, indices.AsSpan(0, 2), 0, keys, _noise, CPU, dataNoise);
        using var tail = PositiveBatch.Rows(data, indices.AsSpan(2), 2, keys, _noise, CPU, dataNoise);
        using var joined = cat([head, tail]);

        Assert.True(whole.bytes.SequenceEqual(joined.bytes));
    }

    [Fact]
    public void Rows_BinarisedBySampling_AreOneWithTheValueAsProbability()
    {
        var data = Load(Binarise.Sample);
        var counts = new double[20];
        const int Rounds = 4000;
        for (var round = 1; round <= Rounds; round++)
        {
            using var rows = PositiveBatch.Rows(data, [1], 0, BatchKeys.Of(9, 0, round), _noise, CPU);
            for (var i = 0; i < 20; i++)
            {
                var value = rows[0, i].item<float>();
                Assert.True(value is 0 or 1);
                counts[i] += value;
            }
        }

        // 20 pixels, 5.5 standard errors each: false alarm below 1e-6; a probability wrong by 0.05 is found.
        for (var i = 0; i < 20; i++)
        {
            var p = (20 + i) / 255.0;
            Assert.InRange(
                counts[i] / Rounds, p - (5.5 * Math.Sqrt(p * (1 - p) / Rounds)),
                p + (5.5 * Math.Sqrt(p * (1 - p) / Rounds)));
        }
    }

    [Fact]
    public void Rows_OfFloatDataWithoutNoise_AreTheStoredOnesAndACopy()
    {
        var data = SmallDatasets.OfValues(new float[,] { { 1, 2 }, { 3, 4 }, { 5, 6 } });

        using var rows = PositiveBatch.Rows(data, [2, 0], 0, BatchKeys.Of(0, 0, 1), _noise, CPU);
        rows.mul_(10);

        Assert.Equal([50f, 60, 10, 20], rows.data<float>().ToArray());
        Assert.Equal([1f, 2, 3, 4, 5, 6], data.Train.Stored.data<float>().ToArray());
    }

    [Fact]
    public void EvaluationRows_OfAWindow_AreThoseOfThePart()
    {
        var data = Load(Binarise.Sample);
        using var whole = PositiveBatch.EvaluationRows(data, DataPart.Train, 0, 10, 9, _noise, CPU);
        using var again = PositiveBatch.EvaluationRows(data, DataPart.Train, 4, 6, 9, _noise, CPU);
        using var other = PositiveBatch.EvaluationRows(data, DataPart.Train, 0, 10, 8, _noise, CPU);
        using var tail = whole.narrow(0, 4, 6);

        Assert.True(tail.bytes.SequenceEqual(again.bytes));
        Assert.False(whole.bytes.SequenceEqual(other.bytes));
        Assert.All(whole.data<float>().ToArray(), v => Assert.True(v is 0 or 1));
    }

    // Row r, column i holds the level 20 r + i.
    private static Dataset Load(Binarise binarise)
    {
        var levels = new byte[10, 20];
        for (var i = 0; i < levels.Length; i++)
        {
            levels[i / 20, i % 20] = (byte)i;
        }

        return SmallDatasets.OfLevels(levels, binarise);
    }
}
