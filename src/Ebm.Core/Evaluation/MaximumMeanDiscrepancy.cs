using Ebm.Core.Randomness;
using static TorchSharp.torch;

namespace Ebm.Core.Evaluation;

/// <summary>
/// The squared maximum mean discrepancy of two sets of states, by its unbiased estimate (Gretton, Borgwardt, Rasch,
/// Schölkopf, Smola, "A kernel two-sample test", 2012, equation 3): 0 on average where both are of one law, and then
/// also negative.
/// </summary>
/// <param name="Squared">MMD^2.</param>
/// <param name="StandardError">
/// Its standard deviation if both sets were of one law: over random exchanges of rows between the sets.
/// </param>
/// <param name="PValue">Share of those exchanges, the sets as they are among them, that give at least as much.</param>
internal readonly record struct MaximumMeanDiscrepancy(double Squared, double StandardError, double PValue)
{
    private const int Permutations = 999, Chunk = 64;

    /// <summary>
    /// Compares <paramref name="samples"/> and <paramref name="data"/>, both [at least two rows, features].
    /// </summary>
    public static MaximumMeanDiscrepancy Of(Tensor samples, Tensor data, StateKernel kernel, RandomKey key)
    {
        using var graphless = no_grad();
        using var scope = NewDisposeScope();
        var pooled = cat([samples, data]);
        var pairs = kernel.Matrix(pooled, pooled);
        pairs.diagonal().zero_();
        var sums = new PairSums(pairs, (int)samples.shape[0], (int)data.shape[0]);
        var squared = sums.Squared([.. Enumerable.Range(0, (int)samples.shape[0])]);
        var exchanged = new List<double>(Permutations);
        for (var first = 0; first < Permutations; first += Chunk)
        {
            var count = Math.Min(Chunk, Permutations - first);
            exchanged.AddRange(sums.Squared([.. Enumerable.Range(first, count).SelectMany(stream =>
                KeyedRandom.SampleWithoutReplacement(
                    key, (uint)stream, (int)pooled.shape[0], (int)samples.shape[0]))]));
        }

        // Their mean over all exchanges is exactly 0.
        return double.IsNaN(squared[0])
            ? new MaximumMeanDiscrepancy(double.NaN, double.NaN, double.NaN)
            : new MaximumMeanDiscrepancy(
                squared[0],
                Math.Sqrt(exchanged.Sum(s => s * s) / Permutations),
                (1.0 + exchanged.Count(s => s >= squared[0])) / (1 + Permutations));
    }

    /// <summary>Kernel values of all pairs of different rows, [rows, rows] with zeros on the diagonal.</summary>
    private sealed class PairSums(Tensor pairs, int first, int second)
    {
        private readonly Tensor _rows = pairs.sum(1);

        /// <summary>
        /// MMD^2 for each set of <c>first</c> rows against the others; the sets' row numbers, end to end.
        /// </summary>
        public double[] Squared(int[] rows)
        {
            using var scope = NewDisposeScope();
            var sets = rows.Length / first;
            var members = zeros([sets, first + second], ScalarType.Float64, pairs.device);
            members.scatter_(1, tensor(rows, ScalarType.Int64, pairs.device).view(sets, first), ones_like(members));
            var within = members.mm(pairs).mul_(members).sum(1);
            var sums = stack([within, members.mv(_rows), _rows.sum().expand(sets)]).cpu().data<double>().ToArray();
            double a = first, b = second;
            return [.. Enumerable.Range(0, sets).Select(i =>
            {
                var (inside, across) = (sums[i], sums[sets + i] - sums[i]);
                var outside = sums[(2 * sets) + i] - inside - (2 * across);
                return (inside / (a * (a - 1))) + (outside / (b * (b - 1))) - (2 * across / (a * b));
            })];
        }
    }
}
