using Ebm.Core.Randomness;

namespace Ebm.Core.Likelihood;

/// <summary>The logarithm of a mean of importance weights, and its uncertainty.</summary>
/// <param name="Value">log((1/n) sum_i w_i).</param>
/// <param name="StandardError">Its standard error by the delta method: sd(w) / (mean(w) sqrt(n)).</param>
/// <param name="Bootstrap">Its standard deviation by bootstrap over groups of dependent chains.</param>
/// <param name="EffectiveSamples">(sum w)^2 / sum w^2, from 1 to n.</param>
/// <param name="Chains">n.</param>
public sealed record LogMeanWeight(
    double Value, double StandardError, double Bootstrap, double EffectiveSamples, int Chains)
{
    private const int Resamplings = 1000;

    /// <summary>The larger of the two errors.</summary>
    public double Error => Math.Max(StandardError, Bootstrap);

    /// <summary>Computes the estimate from log-weights. The bootstrap is a function of the key.</summary>
    /// <param name="logWeights">log w_i, [chains].</param>
    /// <param name="key">Key of the bootstrap.</param>
    /// <param name="perGroup">Neighbouring chains per group of dependent chains.</param>
    public static LogMeanWeight Of(IReadOnlyList<double> logWeights, RandomKey key, int perGroup = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(logWeights.Count, 2 * perGroup);
        var n = logWeights.Count;
        var largest = logWeights.Max();
        double[] weights = [.. logWeights.Select(w => Math.Exp(w - largest))];
        var (sum, squares) = (weights.Sum(), weights.Sum(w => w * w));
        var mean = sum / n;
        var variance = weights.Sum(w => (w - mean) * (w - mean)) / (n - 1);
        double[] groups = [.. weights.Chunk(perGroup).Select(g => g.Sum())];
        return new LogMeanWeight(
            largest + Math.Log(mean),
            Math.Sqrt(variance / n) / mean,
            Resampled(groups, key),
            sum * sum / squares,
            n);
    }

    /// <summary>Standard deviation of the logarithm of the sum over resampled groups (with replacement).</summary>
    private static double Resampled(double[] groups, RandomKey key)
    {
        var (first, second) = (0.0, 0.0);
        var logSum = Math.Log(groups.Sum());
        for (var i = 0; i < Resamplings; i++)
        {
            var random = new KeyedRandom(key, (uint)i);
            var sum = 0.0;
            for (var j = 0; j < groups.Length; j++)
            {
                sum += groups[random.Below(groups.Length, (uint)j)];
            }

            var off = Math.Log(sum) - logSum;
            (first, second) = (first + off, second + (off * off));
        }

        return Math.Sqrt(Math.Max(0, (second - (first * first / Resamplings)) / (Resamplings - 1)));
    }
}
