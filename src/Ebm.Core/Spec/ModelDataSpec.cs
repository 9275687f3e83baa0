using System.ComponentModel;

namespace Ebm.Core.Spec;

/// <summary>Rows drawn from a model that is known.</summary>
public sealed record ModelDataSpec : DataSpec
{
    /// <summary>The model.</summary>
    [Description("The model that rows are drawn from: ising or potts with known couplings.")]
    public required EnergySpec Energy { get; init; }

    /// <summary>The kernel that draws them.</summary>
    [Description("The kernel that draws them; each row is the end of a chain of its own, which starts at noise.")]
    public SamplerSpec Sampler { get; init; } = new GibbsSpec { Steps = 1000 };

    /// <summary>Number of rows.</summary>
    [Description("Number of rows.")]
    [Bounds(1, 1e8)]
    public int Count { get; init; } = 2000;
}
