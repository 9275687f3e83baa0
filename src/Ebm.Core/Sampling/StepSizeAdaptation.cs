namespace Ebm.Core.Sampling;

/// <summary>
/// How a step size follows the acceptance rate from round to round (Robbins and Monro 1951, in the logarithm of the
/// step to first order): step &lt;- step (1 + gain (acceptance - target)), gain = max(0.05, 20 / (20 + round)). Quick
/// in the first rounds; it never ends, since the model keeps changing. Held within a factor of 10^6 around the spec's
/// step. Additions, multiplications and divisions alone: the same bits on every machine.
/// </summary>
internal static class StepSizeAdaptation
{
    private const double LeastGain = 0.05, Quick = 20, Widest = 1e6;

    /// <summary>The step size after a round.</summary>
    /// <param name="step">The step that the round's chains used.</param>
    /// <param name="first">The step of the spec.</param>
    /// <param name="acceptance">Share of the round's proposals that were accepted.</param>
    /// <param name="target">Share wanted.</param>
    /// <param name="round">The round, from 1.</param>
    public static double Next(double step, double first, double acceptance, double target, long round)
    {
        var gain = Math.Max(LeastGain, Quick / (Quick + round));
        return Math.Clamp(step * (1 + (gain * (acceptance - target))), first / Widest, first * Widest);
    }
}
