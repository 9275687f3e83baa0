using Ebm.Core.Sampling;
using Ebm.Core.Sampling.Continuous;
using Ebm.Core.Sampling.Discrete;
using Ebm.Core.Sampling.Tempering;
using Ebm.Core.Spec;

namespace Ebm.Core.Registry;

/// <summary>Builds the kernel that a spec names.</summary>
public static class SamplerFactory
{
    /// <summary>The kernel, with the spec's settings.</summary>
    public static ISampler Create(SamplerSpec spec) => spec switch
    {
        GibbsSpec gibbs => new GibbsSampler(gibbs),
        LangevinSpec langevin => new LangevinSampler(langevin),
        MalaSpec mala => new HamiltonianSampler(mala),
        HmcSpec hmc => new HamiltonianSampler(hmc),
        GwgSpec gwg => new InformedSampler(gwg),
        DmalaSpec dmala => new InformedSampler(dmala),
        DulaSpec dula => new InformedSampler(dula),
        TemperingSpec tempering => new TemperingSampler(tempering, Create(tempering.Inner)),
        JitterSpec jitter => new JitterSampler(jitter),
        _ => throw new InvalidOperationException($"No sampler is built from {spec.GetType().Name}."),
    };
}
