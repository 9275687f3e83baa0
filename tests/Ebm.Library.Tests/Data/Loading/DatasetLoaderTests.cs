using Ebm.Core.Datasets;
using Ebm.Core.Spec;
using Ebm.Data.Loading;
using static Ebm.Library.Tests.Data.DataFiles;
using static TorchSharp.torch;

namespace Ebm.Library.Tests.Data.Loading;

public sealed class DatasetLoaderTests : DataTest
{
    [Fact]
    public void Load_Split_GivesEveryRowToOnePartWithItsLabel()
    {
        var labels = Folder.Write("labels", Idx(Count(50), 50));
        var spec = Bytes() with { Labels = labels, Validation = 10, Test = 5 };

        var data = DatasetLoader.Load(spec, 4);
        var other = DatasetLoader.Load(spec, 5);

        Assert.Equal((35, 10, 5), (data.Train.Count, data.Validation.Count, data.Test.Count));
        var parts = new[] { data.Train, data.Validation, data.Test };
        Assert.Equal(Enumerable.Range(0, 50), parts.SelectMany(p => p.Labels!).Order());
        Assert.All(parts, p => Assert.Equal(
            p.Labels!.Select(l => l * 4 * p.Scale), Values(p).Chunk(4).Select(r => r[0])));
        Assert.NotEqual(data.Validation.Labels!, other.Validation.Labels!);
    }

    [Fact]
    public void Load_Limit_KeepsTheFirstTrainingRows()
    {
        var all = DatasetLoader.Load(Bytes() with { Validation = 10 }, 4);
        var some = DatasetLoader.Load(Bytes() with { Validation = 10, Limit = 7 }, 4);

        Assert.Equal(Values(all.Train)[..28], Values(some.Train));
        Assert.Equal(Values(all.Validation), Values(some.Validation));
    }

    [Fact]
    public void Load_UInt8_StaysUInt8AndReachesItsRangeExactly()
    {
        var path = Folder.Write("a", Idx([0, 255], 1, 2));
        var plain = DatasetLoader.Load(new IdxDataSpec { Path = path }, 0);
        var wide = DatasetLoader.Load(new IdxDataSpec { Path = path, Range = [-1, 1] }, 0);

        Assert.Equal(ScalarType.Byte, plain.Train.Stored.dtype);
        Assert.Equal([0f, 1], Values(plain.Train));
        Assert.Equal([-1f, 1], Values(wide.Train));
    }

    [Fact]
    public void Load_FloatRange_IsThatOfTheTrainingRows()
    {
        var (train, test) = (Folder.Write("a.csv", "2,4\n6,3\n"), Folder.Write("b.csv", "0,8\n"));
        var spec = new CsvDataSpec { Path = train, TestPath = test };

        var asIs = DatasetLoader.Load(spec, 0);
        var scaled = DatasetLoader.Load(spec with { Range = [0, 1] }, 0);

        Assert.Equal([2f, 4, 6, 3], Values(asIs.Train));
        Assert.Equal([0f, 0.5f, 1, 0.25f], Values(scaled.Train));
        Assert.Equal([-0.5f, 1.5f], Values(scaled.Test));
    }

    [Fact]
    public void Load_Threshold_IsAShareOfTheStoredRange()
    {
        var bytes = DatasetLoader.Load(
            Bytes() with { Binarise = Binarise.Threshold, Threshold = 0.2, Range = [-1, 1] }, 0);
        var csv = Folder.Write("a.csv", "10,12\n18,20\n");
        var floats = DatasetLoader.Load(
            new CsvDataSpec { Path = csv, Binarise = Binarise.Threshold, Threshold = 0.5 }, 0);

        Assert.Equal(Count(200).Select(b => b > 51 ? 1f : 0), Values(bytes.Train));
        Assert.Equal([0f, 0, 1, 1], Values(floats.Train));
        Assert.Equal((ScalarType.Byte, 1f, 0f), (floats.Train.Stored.dtype, floats.Train.Scale, floats.Train.Shift));
    }

    [Fact]
    public void Load_Digest_ChangesWithAnyByteLabelOrSettingAndWithNothingElse()
    {
        var labels = Folder.Write("labels", Idx(Count(50), 50));
        var spec = Bytes() with { Labels = labels };
        var changed = Count(200);
        changed[123] ^= 1;
        var digest = DatasetLoader.Load(spec, 0).Digest;
        string[] others =
        [
            DatasetLoader.Load(spec with { Path = Folder.Write("other", Idx(changed, 50, 4)) }, 0).Digest,
            DatasetLoader.Load(spec with { Path = Folder.Write("shape", Idx(Count(200), 50, 2, 2)) }, 0).Digest,
            DatasetLoader.Load(spec with { Labels = Folder.Write("l2", Idx(changed[100..150], 50)) }, 0).Digest,
            DatasetLoader.Load(spec with { Labels = null }, 0).Digest,
            DatasetLoader.Load(spec with { Range = [0, 2] }, 0).Digest,
            DatasetLoader.Load(spec with { Binarise = Binarise.Sample }, 0).Digest,
            DatasetLoader.Load(spec with { Test = 1 }, 0).Digest,
        ];

        Assert.Equal(digest, DatasetLoader.Load(
            spec with { Path = Folder.Write("a.gz", Gzip(Idx(Count(200), 50, 4))) }, 7).Digest);
        Assert.Equal(8, others.Append(digest).Distinct().Count());
    }

    [Fact]
    public void Summary_OfBytesAndFloats_IsTheMeanOfTheScaledValues()
    {
        var bytes = DatasetLoader.Load(Bytes() with { Range = [-1, 1] }, 0);
        var floats = DatasetLoader.Load(
            new ToyDataSpec { Density = ToyDensity.Mixture, Count = 1000, Features = 3 }, 0);

        foreach (var data in new[] { bytes, floats })
        {
            var rows = Values(data.Train).Chunk(data.Train.Features).ToArray();
            var mean = DatasetStatistics.Of(data).Mean;
            Assert.Equal(data.Train.Features, mean.Length);
            Assert.All(mean.Index(), m => Assert.Equal(rows.Average(r => (double)r[m.Index]), m.Item, 1e-6));
        }
    }

    [Fact]
    public void Load_SettingsThatDoNotFit_NameTheFoundValues()
    {
        var two = Folder.Write("two", Idx(Count(4), 2, 2));
        var csv = Folder.Write("a.csv", "1,2\n3,4\n");
        var constant = Folder.Write("c.csv", "1,1\n1,1\n");

        AssertFails("2 values each", () => DatasetLoader.Load(Bytes() with { TestPath = two }, 0), "expected 4");
        AssertFails("data.test", () => DatasetLoader.Load(Bytes() with { TestPath = two, Test = 3 }, 0), "test file");
        AssertFails("data.testLabels", () => DatasetLoader.Load(Bytes() with { TestLabels = two }, 0), "data.testPath");
        AssertFails(
            "30 validation and 20 test", () => DatasetLoader.Load(Bytes() with { Validation = 30, Test = 20 }, 0),
            "50");
        AssertFails("data.range", () => DatasetLoader.Load(Bytes() with { Range = [1, 0] }, 0), "[1, 0]");
        AssertFails("data.range", () => DatasetLoader.Load(Bytes() with { Range = [0, double.NaN] }, 0), "two numbers");
        AssertFails(
            "data.binarise", () => DatasetLoader.Load(new CsvDataSpec { Path = csv, Binarise = Binarise.Sample }, 0),
            "1 to 4");
        AssertFails(
            "every training value is 1",
            () => DatasetLoader.Load(new CsvDataSpec { Path = constant, Range = [0, 1] }, 0));
    }

    private IdxDataSpec Bytes() => new() { Path = Folder.Write("rows", Idx(Count(200), 50, 4)) };
}
