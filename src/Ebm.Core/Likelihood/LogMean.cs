using Ebm.Core.Randomness;

namespace Ebm.Core.Likelihood;

/// <summary>The logarithm of the mean of importance weights, and how well they determine it.</summary>
/// <param name="Value">log((1/n) sum_i w_i).</param>
/// <param name="StandardError">Its standard error by the delta method: sd(w) / (mean(w) sqrt(n)).</param>
/// <param name="Bootstrap">Its standard deviation over resamplings of the chains.</param>
/// <param name="EffectiveSamples">(sum w)^2 / sum w^2, from 1 to n.</param>
/// <param name="Chains">n.</param>
public sealed record LogMean(double Value, double StandardError, double Bootstrap, double EffectiveSamples, int Chains)
{
    private const int Resamplings = 1000;

    /// <summary>Of the weights whose logarithms are given; the resamplings are a function of the key.</summary>
    public static LogMean Of(IReadOnlyList<double> logWeights, RandomKey key)
    {
        ArgumentOutOfRangeException.ThrowIfZero(logWeights.Count);
        var n = logWeights.Count;
        var largest = logWeights.Max();
        double[] weights = [.. logWeights.Select(w => Math.Exp(w - largest))];
        var (sum, squares) = (weights.Sum(), weights.Sum(w => w * w));
        var mean = sum / n;
        var variance = weights.Sum(w => (w - mean) * (w - mean)) / Math.Max(1, n - 1);
        return new LogMean(
            largest + Math.Log(mean), Math.Sqrt(variance / n) / mean, Resample(weights, key), sum * sum / squares, n);
    }

    private static double Resample(double[] weights, RandomKey key)
    {
        var (first, second) = (0.0, 0.0);
        var whole = Math.Log(weights.Sum());
        for (var i = 0; i < Resamplings; i++)
        {
            var random = new KeyedRandom(key, (uint)i);
            var sum = 0.0;
            for (var j = 0; j < weights.Length; j++)
            {
                sum += weights[random.Below(weights.Length, (uint)j)];
            }

            var off = Math.Log(sum) - whole;
            (first, second) = (first + off, second + (off * off));
        }

        return Math.Sqrt(Math.Max(0, (second - (first * first / Resamplings)) / (Resamplings - 1)));
    }
}
