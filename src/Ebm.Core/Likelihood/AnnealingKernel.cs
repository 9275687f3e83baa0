using Ebm.Core.Spec;

namespace Ebm.Core.Likelihood;

/// <summary>
/// The kernel with which a run's models are annealed: its own where that leaves exp(-E) as it is, else the one of the
/// same proposals that accepts or rejects them. What it adapts, it adapts in the pilot.
/// </summary>
internal static class AnnealingKernel
{
    /// <summary>
    /// Trajectories of one length may lead back to where they began, and at one of the many temperatures they will.
    /// </summary>
    private const double LeastJitter = 0.5;

    /// <exception cref="InputException">The run's sampler draws nothing from a model.</exception>
    public static SamplerSpec Of(SamplerSpec sampler) => sampler switch
    {
        LangevinSpec langevin => new MalaSpec
        {
            StepSize = langevin.Noise > 0 ? langevin.Noise * langevin.Noise / 2 : langevin.StepSize,
            Range = langevin.Range,
        },
        HmcSpec hmc => hmc with { Temperature = 1, Adapt = true, Jitter = Math.Max(hmc.Jitter, LeastJitter) },
        HamiltonianSpec hamiltonian => hamiltonian with { Temperature = 1, Adapt = true },
        DmalaSpec dmala => dmala with { Adapt = true },
        DulaSpec dula => new DmalaSpec { Steps = dula.Steps, StepSize = dula.StepSize, Balance = dula.Balance },
        TemperingSpec tempering => Of(tempering.Inner),
        JitterSpec => throw new InputException(
            "annealed importance sampling needs a sampler that draws from the model; jitter only blurs data."),
        _ => sampler,
    };
}
