using Ebm.Core.Native;
using static TorchSharp.torch;

namespace Ebm.Core.Evaluation;

/// <summary>
/// How often a conditional model tells the class of a row: p(y | x) is proportional to exp(b_y - E(x, y)) with
/// b_y = log p(y) - log Z(y). Training leaves Z(y) unknown, so the b_y, one number a class, are fitted to training
/// rows: under them each class has as many rows in expectation as it has in truth (the likelihood equations of a
/// logistic regression).
/// </summary>
internal static class ClassAccuracy
{
    private const int Iterations = 200;

    /// <summary>The share of rows whose own class is the most probable one.</summary>
    /// <param name="train">Energies of training rows under each class, [rows, classes].</param>
    /// <param name="trainLabels">Their classes.</param>
    /// <param name="test">Energies of other rows, [rows, classes].</param>
    /// <param name="testLabels">Their classes.</param>
    public static double Of(Tensor train, ReadOnlySpan<int> trainLabels, Tensor test, ReadOnlySpan<int> testLabels)
    {
        using var scope = NewDisposeScope();
        var chosen = Offsets(train.to_type(ScalarType.Float64), trainLabels).sub(test).argmax(1);
        var truth = Labels(testLabels, test.device);
        return chosen.eq(truth).sum().item<long>() / (double)testLabels.Length;
    }

    /// <summary>
    /// b, [classes]: at first each class's mean energy of its own rows; then, again and again, log(rows there are /
    /// rows expected) is added.
    /// </summary>
    private static Tensor Offsets(Tensor energies, ReadOnlySpan<int> labels)
    {
        var own = nn.functional.one_hot(Labels(labels, energies.device), energies.shape[1]).to_type(energies.dtype);
        var counts = own.sum([0L]);
        var (logCounts, offsets) = (counts.log(), own.mul(energies).sum([0L]).div(counts));
        for (var i = 0; i < Iterations; i++)
        {
            var expected = offsets.sub(energies).log_softmax(1).logsumexp(0);
            offsets = offsets.Plus(logCounts).sub(expected);
        }

        return offsets;
    }

    private static Tensor Labels(ReadOnlySpan<int> labels, Device device) =>
        tensor(Array.ConvertAll(labels.ToArray(), label => (long)label), device: device);
}
