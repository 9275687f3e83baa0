using Ebm.Core.Datasets;
using Ebm.Core.Evaluation;
using Ebm.Core.Native;
using Ebm.Core.Randomness;
using Ebm.Core.Spec;
using Ebm.Core.States;
using static TorchSharp.torch;

namespace Ebm.Core.Tests.Evaluation;

public sealed class ReferenceRowsTests
{
    static ReferenceRowsTests() => TorchLibrary.EnsureLoaded();

    [Theory]
    [InlineData(10_000, 7)]
    [InlineData(9, 20)]
    [InlineData(8_192, 8_192)]
    public void Spread_OfAPart_TakesRowsFromAllOverIt(int rows, int most)
    {
        using var scope = NewDisposeScope();
        var data = Numbered(rows);

        var spread = ReferenceRows.Spread(data, DataPart.Train, most, 0, NoiseFactory.On(CPU), CPU);

        var count = Math.Min(rows, most);
        Assert.Equal(
            Enumerable.Range(0, count).Select(i => (float)((long)i * rows / count)), spread.data<float>().ToArray());
    }

    [Fact]
    public void Spread_OfRowsBinarisedBySampling_AreThoseOfAllRows()
    {
        using var scope = NewDisposeScope();
        using var half = full([5000, 30], 0.5f);
        var data = new Dataset(new DataRows(half, 1, 0, null, null), Empty(30), Empty(30), "")
        {
            Reading = RowReading.Plain with { Binarise = Binarise.Sample },
        };
        var all = PositiveBatch.EvaluationRows(data, DataPart.Train, 0, 5000, 3, NoiseFactory.On(CPU), CPU);

        var spread = ReferenceRows.Spread(data, DataPart.Train, 50, 3, NoiseFactory.On(CPU), CPU);

        Assert.True(spread.equal(all[arange(0, 5000, 100)]).all().item<bool>());
    }

    [Fact]
    public void PartOf_Data_IsTheLeastSeen()
    {
        var (some, none) = (Numbered(3).Train, Empty(1));

        Assert.Equal(DataPart.Test, ReferenceRows.PartOf(new Dataset(some, some, some, "")));
        Assert.Equal(DataPart.Validation, ReferenceRows.PartOf(new Dataset(some, some, none, "")));
        Assert.Equal(DataPart.Train, ReferenceRows.PartOf(new Dataset(some, none, none, "")));
    }

    /// <summary>Row i holds the number i.</summary>
    private static Dataset Numbered(int rows) => new(
        new DataRows(arange(rows, dtype: ScalarType.Float32).view(rows, 1), 1, 0, null, null), Empty(1), Empty(1), "");

    private static DataRows Empty(int features) => new(zeros(0, features), 1, 0, null, null);
}
