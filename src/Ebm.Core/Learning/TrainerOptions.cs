using Ebm.Core.Recovery;
using Ebm.Core.Registry;
using Ebm.Core.Sampling;
using Ebm.Core.Spec;

namespace Ebm.Core.Learning;

/// <summary>Constants of a training: the options of the update, and of the metrics about the chains.</summary>
internal sealed record TrainerOptions
{
    /// <summary>Objective and optimiser.</summary>
    public required LearningSpec Learning { get; init; }

    /// <summary>The chains.</summary>
    public required NegativesSpec Negatives { get; init; }

    /// <summary>The kernel, which may adapt.</summary>
    public required ISampler Sampler { get; init; }

    /// <summary>The kernel's options; null for a kernel from outside, which recovery leaves unchanged.</summary>
    public SamplerSpec? SamplerSpec { get; init; }

    /// <summary>Limits of divergence, and remedies.</summary>
    public required RecoverySpec Recovery { get; init; }

    /// <summary>Rounds in total.</summary>
    public required long Rounds { get; init; }

    /// <summary>Numbers in a state.</summary>
    public required int Features { get; init; }

    /// <summary>Interval of written metrics in rounds; convergence diagnostics follow it.</summary>
    public int MetricsEvery { get; init; } = 1;

    /// <summary>Rate of the offsets of the centred gradient; null for the plain gradient.</summary>
    public double? OffsetRate { get; init; }

    /// <summary>The options of a run.</summary>
    /// <param name="spec">Its spec.</param>
    /// <param name="rounds">Rounds in total.</param>
    /// <param name="features">Numbers in a state.</param>
    public static TrainerOptions Of(RunSpec spec, long rounds, int features) => new()
    {
        Learning = spec.Learning,
        Negatives = spec.Negatives,
        Sampler = SamplerFactory.Create(spec.Sampler),
        SamplerSpec = spec.Sampler,
        Recovery = spec.Recovery,
        Rounds = rounds,
        Features = features,
        MetricsEvery = spec.Output.MetricsEvery,
        OffsetRate = spec.Energy is RbmSpec { Centred: true } rbm ? rbm.OffsetRate : null,
    };

    /// <summary>The kernel's options in an attempt; null for a kernel from outside.</summary>
    internal SamplerSpec? SamplerOf(IReadOnlyList<RollbackRecord> rollbacks) =>
        SamplerSpec is { } spec ? RecoveryPolicy.Sampler(rollbacks).Apply(spec, Recovery) : null;
}
