using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Ebm.Core.Spec;

/// <summary>One training job, as the user wrote it in YAML and with every default filled in.</summary>
[Description("A training run of an energy-based model.")]
public sealed record RunSpec
{
    /// <summary>Stem of the run's id.</summary>
    [Description("Name of the run; the stem of its id. Letters, digits, '-', '_' and '.', at most 63.")]
    [RegularExpression("^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$")]
    public required string Name { get; init; }

    /// <summary>Seed of every random stream.</summary>
    [Description("Seed of everything random.")]
    public ulong Seed { get; init; }

    /// <summary>Kind of device that the run's arithmetic needs.</summary>
    [Description("Kind of device the run computes on.")]
    public DeviceKind Device { get; init; } = DeviceKind.Cpu;

    /// <summary>Pieces of work that a lane does for this run in its turn; it never changes a result.</summary>
    [Description("Share of the lanes where several runs want them: a run of priority 4 gets four turns for one "
        + "of a run of priority 1.")]
    [Bounds(1, 100)]
    [NotInDigest]
    public int Priority { get; init; } = 1;

    /// <summary>Where the data comes from.</summary>
    [Description("The data: where it is and how it is read.")]
    public required DataSpec Data { get; init; }

    /// <summary>The model.</summary>
    [Description("The energy function.")]
    public required EnergySpec Energy { get; init; }

    /// <summary>The Markov kernel.</summary>
    [Description("The Markov chain kernel that draws the negatives.")]
    public required SamplerSpec Sampler { get; init; }

    /// <summary>Chains, their starts and their replay slots.</summary>
    [Description("The chains: how many, where they start, and the replay buffer.")]
    public NegativesSpec Negatives { get; init; } = new();

    /// <summary>Objective and optimiser.</summary>
    [Description("Contrastive divergence: rounds, batch, optimiser, regularisation.")]
    public required LearningSpec Learning { get; init; }

    /// <summary>What happens when learning diverges.</summary>
    [Description("What the run watches, and what it does when learning diverges.")]
    public RecoverySpec Recovery { get; init; } = new();

    /// <summary>What is evaluated.</summary>
    [Description("What is evaluated, and when.")]
    public EvaluationSpec Evaluation { get; init; } = new();

    /// <summary>What the run writes.</summary>
    [Description("What the run writes, and how often.")]
    public OutputSpec Output { get; init; } = new();
}

/// <summary>Kinds of device.</summary>
public enum DeviceKind
{
    /// <summary>Processor cores.</summary>
    Cpu,

    /// <summary>An NVIDIA GPU.</summary>
    Cuda,
}
