using Ebm.Core.Spec;

namespace Ebm.Core.Likelihood;

/// <summary>
/// The kernel of annealing for a run's sampler: the sampler itself if exp(-E) is its invariant distribution, else a
/// kernel with the same proposals and a Metropolis test. Adaptation happens in the pilot.
/// </summary>
internal static class AnnealingKernel
{
    /// <summary>
    /// Trajectories of constant length can be periodic, and at one of many temperatures they will be.
    /// </summary>
    private const double LeastJitter = 0.5;

    /// <exception cref="InputException">The run's sampler does not sample the model.</exception>
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
            "annealed importance sampling needs a sampler of the model; jitter only adds noise to data."),
        _ => sampler,
    };
}
