using Ebm.Core.Spec;

namespace Ebm.Core.Recovery;

/// <summary>How an attempt's sampler differs from the spec's; the default is not at all.</summary>
/// <param name="Longer">Times that its steps were multiplied.</param>
/// <param name="Smaller">Times that its step size was cut.</param>
public readonly record struct SamplerChange(int Longer, int Smaller)
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
