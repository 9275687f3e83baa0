using System.Diagnostics;
using Ebm.Core.Datasets;
using Ebm.Core.Spec;
using Ebm.Core.States;
using Ebm.Data.Loading;

namespace Ebm.Library.Tests.Data.Loading;

public sealed class MnistTests(ITestOutputHelper output) : DataTest
{
    private static readonly string Root = FindRoot();

    [Fact]
    public void Load_Mnist_HasItsRowsClassesAndMean()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var watch = Stopwatch.StartNew();
        var data = DatasetLoader.Load(Spec(), 1);
        output.WriteLine($"loaded in {watch.ElapsedMilliseconds} ms, digest {data.Digest}");
        var managed = GC.GetAllocatedBytesForCurrentThread() - before;
        var mean = DatasetStatistics.Of(data).Mean;

        Assert.Equal((60_000, 10_000, 784), (data.Train.Count, data.Test.Count, data.Train.Features));
        Assert.Equal(new ImageShape(1, 28, 28), data.Train.Image);
        Assert.Equal([5, 0, 4, 1, 9], data.Train.Labels![..5]);
        Assert.Equal([5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949], Classes(data.Train));
        Assert.Equal([980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009], Classes(data.Test));
        Assert.Equal(0.1307, mean.Average(), 0.0001);

        // 55 MB of pixels lie in tensors; beside them only labels (and their bytes) and small buffers.
        Assert.True(managed < 3 << 20, $"{managed} bytes of managed memory");
    }

    [Fact]
    public void Load_MnistByThreshold_HasOneBitAPixel()
    {
        var data = DatasetLoader.Load(
            Spec() with { Binarise = Binarise.Threshold, Validation = 5000, Limit = 1000 }, 1);

        Assert.Equal((1000, 5000), (data.Train.Count, data.Validation.Count));
        SpecDataCheck.Check(new RbmSpec { Hidden = 1 }, data);
        SpecDataCheck.Check(new ConvSpec(), data);
    }

    private static IdxDataSpec Spec() => new()
    {
        Path = Path.Combine(Root, "data/mnist/train-images-idx3-ubyte.gz"),
        Labels = Path.Combine(Root, "data/mnist/train-labels-idx1-ubyte.gz"),
        TestPath = Path.Combine(Root, "data/mnist/t10k-images-idx3-ubyte.gz"),
        TestLabels = Path.Combine(Root, "data/mnist/t10k-labels-idx1-ubyte.gz"),
    };

    private static int[] Classes(DataRows rows) =>
        [.. rows.Labels!.CountBy(l => l).OrderBy(c => c.Key).Select(c => c.Value)];

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Ebm.sln")))
        {
            folder = Path.GetDirectoryName(folder)
                ?? throw new InvalidOperationException("No Ebm.sln above the tests.");
        }

        return folder;
    }
}
