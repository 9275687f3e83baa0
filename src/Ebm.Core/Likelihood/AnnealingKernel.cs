using Ebm.Core.Spec;

namespace Ebm.Core.Likelihood;

/// <summary>
/// The kernel with which a run's models are annealed: its own where that leaves a law as it is, else the one of the same proposals
/// that accepts or rejects them.
/// </summary>
internal static class AnnealingKernel
{
    /// <exception cref="InputException">The run's sampler draws nothing from a model.</exception>
    public static SamplerSpec Of(SamplerSpec sampler) => sampler switch
    {
        DulaSpec dula => new DmalaSpec { Steps = dula.Steps, StepSize = dula.StepSize, Balance = dula.Balance },
        JitterSpec or LangevinSpec => throw new InputException(
            "annealed importance sampling needs a sampler that draws from the model; this run's does not."),
        _ => sampler,
    };
}
