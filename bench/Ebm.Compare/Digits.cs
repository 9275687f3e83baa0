using System.Buffers.Binary;
using Ebm.Core.Datasets;
using Ebm.Core.Evaluation;
using Ebm.Core.Randomness;
using Ebm.Core.Spec;
using Ebm.Core.States;
using Ebm.Data.Files;
using Ebm.Data.Loading;
using Ebm.Reporting.Plots;
using TorchSharp;
using static TorchSharp.torch;

namespace Ebm.Compare;

/// <summary>MNIST as the energies see it, and what is made of images that others draw.</summary>
internal sealed class Digits : IDisposable
{
    /// <summary>Pixels of an image.</summary>
    public const int Pixels = 28 * 28;

    private const int Shown = 64, Compared = 1000, Every = 10, Side = 28;
    private const double Threshold = 0.5;

    private readonly Dataset _data;

    /// <summary>Reads the images from a folder with MNIST's files.</summary>
    public Digits(string folder) => _data = DatasetLoader.Load(
        new IdxDataSpec
        {
            Path = Path.Combine(folder, "train-images-idx3-ubyte.gz"),
            TestPath = Path.Combine(folder, "t10k-images-idx3-ubyte.gz"),
        },
        seed: 0);

    /// <summary>Number of training images.</summary>
    public int Count => _data.Train.Count;

    /// <summary>Training images, grey in [0, 1], [rows, pixels].</summary>
    public Tensor Train(long[] rows) => _data.Train.Gather(rows, CPU);

    /// <summary>Test images in their order, every so many from the first, [count, pixels].</summary>
    public Tensor Test(int first, int count, int every = 1) =>
        _data.Test.Gather([.. Enumerable.Range(0, count).Select(i => first + ((long)i * every))], CPU);

    /// <summary>0 and 1: what the binary energies are trained on.</summary>
    public static Tensor Binary(Tensor grey)
    {
        using Scalar cut = Threshold;
        return grey.gt(cut).to_type(ScalarType.Float32);
    }

    /// <summary>
    /// Squared maximum mean discrepancy of 1,000 images, thresholded, and every tenth test image, thresholded: MNIST's
    /// first 5,000 test images are of other writers than the rest.
    /// </summary>
    public MaximumMeanDiscrepancy Against(Tensor grey)
    {
        using var scope = NewDisposeScope();
        var test = Binary(Test(0, Compared, Every));
        var space = new StateSpace(Pixels, UnitKind.Binary);
        return MaximumMeanDiscrepancy.Of(
            Binary(grey.narrow(0, 0, Math.Min(Compared, grey.shape[0]))), test, StateKernel.For(space, test),
            RandomKey.Derive(0, Purpose.Benchmark, 3, 0));
    }

    /// <summary>Grey images of a file, in [0, 1].</summary>
    public static Tensor Read(string path)
    {
        using var rows = RowFile.Read(path);
        return rows.Gather([.. Enumerable.Range(0, rows.Count).Select(i => (long)i)], CPU);
    }

    /// <summary>
    /// Writes images as a sample grid of the first 64, and as an IDX file, which <c>ebm sample --start</c> reads.
    /// </summary>
    public static void Write(string path, Tensor grey)
    {
        var values = grey.data<float>().ToArray();
        File.WriteAllBytes(
            path + ".png", SampleGrid.Png(values.AsSpan(0, Shown * Pixels), new ImageShape(1, Side, Side), (0, 1)));
        var header = new byte[16];
        foreach (var (i, value) in new[] { 0x803, (int)grey.shape[0], Side, Side }.Index())
        {
            BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4 * i), value);
        }

        File.WriteAllBytes(
            path + ".idx", [.. header, .. values.Select(v => (byte)MathF.Round(255 * Math.Clamp(v, 0, 1)))]);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _data.Train.Dispose();
        _data.Validation.Dispose();
        _data.Test.Dispose();
    }
}
