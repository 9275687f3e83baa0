using Ebm.Core.Native;
using static TorchSharp.torch;

namespace Ebm.Core.Evaluation;

/// <summary>The training row nearest to each sample, by squared Euclidean distance.</summary>
/// <param name="Index">Row of the training data, [samples].</param>
/// <param name="SquaredDistance">Its squared distance, [samples].</param>
internal sealed record NearestNeighbours(IReadOnlyList<long> Index, IReadOnlyList<float> SquaredDistance)
{
    private const int BatchRows = 8192;

    /// <summary>
    /// Searches <paramref name="training"/> [rows, features] for each of <paramref name="samples"/> [samples,
    /// features], both float32 on one device. The first of equally near rows wins.
    /// </summary>
    public static NearestNeighbours Find(Tensor samples, Tensor training) =>
        Find(samples, (int)training.shape[0], (first, count) => training.narrow(0, first, count));

    /// <summary>
    /// The same over so many training rows that are made a batch at a time: <paramref name="batch"/> gives
    /// [count, features] from a first row on.
    /// </summary>
    public static NearestNeighbours Find(Tensor samples, int training, Func<int, int, Tensor> batch)
    {
        using var graphless = no_grad();
        using var scope = NewDisposeScope();
        var best = Sums.Filled([samples.shape[0]], double.PositiveInfinity, ScalarType.Float32, samples.device);
        var index = zeros([samples.shape[0]], ScalarType.Int64, samples.device);
        var winners = zeros_like(samples);
        for (var first = 0; first < training; first += BatchRows)
        {
            using var inner = NewDisposeScope();
            var rows = batch(first, Math.Min(BatchRows, training - first));
            var numbers = Sums.Count(first, first + rows.shape[0], ScalarType.Int64, samples.device);

            // |s - t|^2 without the |s|^2 that does not change the order.
            var distances = addmm(rows.Squared().sum(1), samples, rows.t(), beta: 1, alpha: -2);
            var (nearest, row) = distances.min(1);
            var closer = nearest.lt(best);
            best.copy_(where(closer, nearest, best));
            winners.copy_(where(closer.unsqueeze(1), rows.index_select(0, row), winners));
            index.copy_(where(closer, numbers.index_select(0, row), index));
        }

        // The expanded square cancels where a sample is nearly a copy, so the winner's distance is taken directly.
        var exact = samples.sub(winners).Squared().sum(1);
        return new NearestNeighbours([.. index.cpu().data<long>()], [.. exact.cpu().data<float>()]);
    }
}
