using System.ComponentModel;

namespace Ebm.Core.Spec;

/// <summary>What is evaluated besides the figures of every round.</summary>
public sealed record EvaluationSpec
{
    /// <summary>Exact log-likelihood by enumeration at the end of a run.</summary>
    [Description("Exact log-likelihood by enumeration (an RBM whose smaller side has at most 24 units). auto: where it is possible.")]
    public ExactLikelihood Likelihood { get; init; } = ExactLikelihood.Auto;

    /// <summary>Rounds between two evaluations; 0 evaluates at the end only.</summary>
    [Description("Rounds between two evaluations; 0 is only at the end.")]
    [Bounds(0, 1e9)]
    public int Every { get; init; }

    /// <summary>Rows of each part of the data that are used.</summary>
    [Description("Rows of each part of the data that an evaluation uses; 0 is all.")]
    [Bounds(0, 1e9)]
    public int Rows { get; init; } = 10000;
}

/// <summary>Whether the exact log-likelihood is computed.</summary>
public enum ExactLikelihood
{
    /// <summary>Where enumeration is possible.</summary>
    Auto,

    /// <summary>Always: the spec is refused where it is not possible.</summary>
    Exact,

    /// <summary>Never.</summary>
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
