using Ebm.Core.Spec;

namespace Ebm.Core.Recovery;

/// <summary>Change of an attempt's sampler relative to the spec; the default is no change.</summary>
/// <param name="Longer">Number of times that its steps were multiplied.</param>
/// <param name="Smaller">Number of times that its step size was reduced.</param>
internal readonly record struct SamplerChange(int Longer, int Smaller)
{
    private const long MostSteps = 1_000_000;

    /// <summary>The sampler of the attempt.</summary>
    public SamplerSpec Apply(SamplerSpec sampler, RecoverySpec recovery)
    {
        var (steps, share) = (1L, 1.0);
        for (var i = 0; i < Longer; i++)
        {
            steps = Math.Min(MostSteps, steps * recovery.StepsFactor);
        }

        for (var i = 0; i < Smaller; i++)
        {
            share *= recovery.StepSizeFactor;
        }

        return sampler.Changed((int)steps, share);
    }
}
