using System.ComponentModel;
using Ebm.Core.States;

namespace Ebm.Core.Spec;

/// <summary>What is evaluated besides the figures of every round.</summary>
public sealed record EvaluationSpec
{
    /// <summary>How the log-likelihood of data is found.</summary>
    [Description("How the log-likelihood is found: exact, by enumeration (a side of at most 24 units); "
        + "ais, a bracket by annealed importance "
        + "sampling; auto, exact where that is possible and else not at all; none.")]
    public LikelihoodMethod Likelihood { get; init; } = LikelihoodMethod.Auto;

    /// <summary>Rounds between two evaluations; 0 evaluates at the end only.</summary>
    [Description("Rounds between two evaluations; 0 is only at the end.")]
    [Bounds(0, 1e9)]
    public int Every { get; init; }

    /// <summary>Rows of each part of the data that are used.</summary>
    [Description("Rows of each part of the data that an evaluation uses; 0 is all.")]
    [Bounds(0, 1e9)]
    public int Rows { get; init; } = 10000;

    /// <summary>
    /// Rounds from one that is evaluated to the one by which its outcome is known; 0 stands for <see cref="Every"/>.
    /// </summary>
    [Description("With ais or stop: rounds that training goes on for while a round is evaluated, before it waits for "
        + "the outcome; 0 is every.")]
    [Bounds(0, 1e9)]
    public int Delay { get; init; }

    /// <summary>Annealed importance sampling.</summary>
    [Description("With likelihood: ais: how much annealed importance sampling does.")]
    public AisSpec Ais { get; init; } = new();

    /// <summary>When an evaluation ends the run; never if absent.</summary>
    [Description("End the run by its log-likelihood. The outcome of round c acts at round c + delay.")]
    public StopSpec? Stop { get; init; }
}

/// <summary>How much annealed importance sampling does.</summary>
public sealed record AisSpec
{
    /// <summary>Chains on the way to the model, and as many on the way back.</summary>
    [Description("Chains in each direction.")]
    [Bounds(4, 65536)]
    public int Chains { get; init; } = 512;

    /// <summary>Steps of each chain between the base and the model.</summary>
    [Description("Temperatures between the base and the model: steps of each chain in each direction.")]
    [Bounds(25, 1e7)]
    public int Temperatures { get; init; } = 10000;

    /// <summary>Transitions at the model before chains walk back.</summary>
    [Description("Transitions at the model before chains walk back from it: enough to forget where they started.")]
    [Bounds(2, 1e8)]
    public int Sweeps { get; init; } = 20000;

    /// <summary>Chains that start at the same state.</summary>
    [Description("Chains that walk back start at the same state in groups of so many, so that what they "
        + "have not forgotten shows.")]
    [Bounds(2, 1024)]
    public int Copies { get; init; } = 16;
}

/// <summary>
/// When an evaluation ends a run: at a target, or once there is no more progress. The figure is the lower end of the
/// bracket.
/// </summary>
public sealed record StopSpec
{
    /// <summary>The rows that count.</summary>
    [Description("The part of the data whose mean log-likelihood counts.")]
    public DataPart Part { get; init; } = DataPart.Validation;

    /// <summary>Ends the run once the log-likelihood is known to be no lower.</summary>
    [Description("Stop once the log-likelihood, in nats a row, is known to be at or above this.")]
    [Bounds(-1e9, 1e9)]
    public double? Target { get; init; }

    /// <summary>Ends the run after so many evaluations in a row without a new best.</summary>
    [Description("Stop after so many evaluations in a row none of which was better than the best before.")]
    [Bounds(1, 1e6)]
    public int? Patience { get; init; }
}

/// <summary>How the log-likelihood is found.</summary>
public enum LikelihoodMethod
{
    /// <summary>By enumeration where that is possible, else not at all.</summary>
    Auto,

    /// <summary>By enumeration: the spec is refused where it is not possible.</summary>
    Exact,

    /// <summary>A bracket by annealed importance sampling.</summary>
    Ais,

    /// <summary>Not.</summary>
    None,
}

/// <summary>What a run writes.</summary>
public sealed record OutputSpec
{
    /// <summary>Rounds between two lines of metrics.jsonl.</summary>
    [Description("Rounds between two lines of metrics.jsonl.")]
    [Bounds(1, 1e9)]
    public int MetricsEvery { get; init; } = 1;

    /// <summary>Rounds between two sample grids; 0 writes one at the end.</summary>
    [Description("Rounds between two sample grids; 0 is one at the end.")]
    [Bounds(0, 1e9)]
    public int SamplesEvery { get; init; }

    /// <summary>Samples in a grid.</summary>
    [Description("Samples in a grid.")]
    [Bounds(1, 4096)]
    public int Samples { get; init; } = 64;

    /// <summary>Rounds between two checkpoints; 0 writes one at the end.</summary>
    [Description("Rounds between two checkpoints; 0 is one at the end.")]
    [Bounds(0, 1e9)]
    public int CheckpointEvery { get; init; } = 500;

    /// <summary>Checkpoints kept.</summary>
    [Description("Checkpoints kept: the newest ones, never fewer than 2.")]
    [Bounds(2, 10000)]
    public int KeepCheckpoints { get; init; } = 3;
}
