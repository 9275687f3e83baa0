using Ebm.Core.Evaluation;
using Ebm.Core.Replay;
using Ebm.Core.Spec;
using Ebm.Core.States;
using Ebm.Data.Loading;
using Ebm.EndToEnd.Tests.Console;
using Ebm.RunFolders.Checkpoints;
using TorchSharp;

namespace Ebm.EndToEnd.Tests;

/// <summary>
/// The first example, as a newcomer runs it: its samples are digits, of many classes, and not copies of the data.
/// </summary>
[Trait("Category", "Long")]
public sealed class MnistRbmTests
{
    private const int Samples = 256, Classes = 10;

    /// <summary>
    /// A sample that differs from a training image in fewer pixels is called a copy; chosen, not measured.
    /// </summary>
    private const int CopiedPixels = 3;

    [Fact]
    public async Task Train_MnistRbm_DrawsDigitsOfManyClassesThatAreNoCopies()
    {
        using var console = new EbmConsole();
        var spec = Path.Combine(Repository.Root, "examples", "mnist-rbm.yaml");

        var result = await console.Train(spec);

        var digits = LastNegatives(result.GetProperty("directory").GetString()!);
        var (labels, distances) = Nearest(digits);
        var counts = Enumerable.Range(0, Classes).Select(c => labels.Count(l => l == c)).ToArray();
        var shown = string.Join(' ', counts);
        Assert.True(counts.Count(c => c > 0) >= 8, $"classes: {shown}");
        Assert.True(counts.Max() <= 0.35 * Samples, $"classes: {shown}");
        Assert.True(distances.Min() >= CopiedPixels, $"nearest: {distances.Min()} pixels");
    }

    private static torch.Tensor LastNegatives(string directory)
    {
        var checkpoint = new CheckpointDirectory(Path.Combine(directory, "checkpoints")).Latest()!;
        var codec = StateCodec.For(StateEncoding.Bits, new StateSpace(784, UnitKind.Binary), null);
        byte[] slots = [.. checkpoint.Slots.SelectMany(s => s.ToArray()).Take(Samples * codec.BytesPerState)];
        return codec.Decode(slots, Samples, torch.CPU);
    }

    /// <summary>
    /// Class of the nearest training image, and the number of pixels that differ from it, for each sample.
    /// </summary>
    private static (int[] Labels, float[] Pixels) Nearest(torch.Tensor samples)
    {
        var mnist = Path.Combine(Repository.Root, "data", "mnist");
        var data = DatasetLoader.Load(
            new IdxDataSpec
            {
                Path = Path.Combine(mnist, "train-images-idx3-ubyte.gz"),
                Labels = Path.Combine(mnist, "train-labels-idx1-ubyte.gz"),
                Binarise = Binarise.Threshold,
            },
            seed: 1);
        long[] all = [.. Enumerable.Range(0, data.Train.Count).Select(i => (long)i)];
        using var training = data.Train.Gather(all, torch.CPU);
        var nearest = NearestNeighbours.Find(samples, training);
        return ([.. nearest.Index.Select(i => data.Train.Labels![(int)i])], [.. nearest.SquaredDistance]);
    }
}
