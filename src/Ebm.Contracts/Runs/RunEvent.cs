using Ebm.Contracts.Epochs;

namespace Ebm.Contracts.Runs;

/// <summary>
/// Something that happened to a run. Programs read its kind and its facts; <see cref="RunEventText"/> renders them.
/// </summary>
/// <param name="Number">Counted from 1 within the run.</param>
/// <param name="Kind">The kind.</param>
/// <param name="Round">The round it belongs to.</param>
/// <param name="Text">Text for people, which no program reads.</param>
/// <param name="Report">With <see cref="RunEventKind.Round"/>: the metrics.</param>
/// <param name="At">When the run learnt of it.</param>
/// <param name="Epoch">The parameter server that was in charge.</param>
[GenerateSerializer, Immutable, Alias("ebm.RunEvent")]
internal sealed record RunEvent(
    [property: Id(0)] long Number,
    [property: Id(1)] RunEventKind Kind,
    [property: Id(2)] long Round,
    [property: Id(3)] string? Text = null,
    [property: Id(4)] RoundReport? Report = null,
    [property: Id(5)] DateTimeOffset At = default,
    [property: Id(6)] long Epoch = 0)
{
    /// <summary>With <see cref="RunEventKind.State"/>: the state.</summary>
    [Id(7)]
    public RunState? State { get; init; }

    /// <summary>With <see cref="RunEventKind.Artefact"/>: the file's name.</summary>
    [Id(8)]
    public string? File { get; init; }

    /// <summary>With <see cref="RunEventKind.Checkpoint"/>: SHA-256 (hex) of the state.</summary>
    [Id(9)]
    public string? StateSha256 { get; init; }

    /// <summary>With <see cref="RunEventKind.Evaluation"/>: the metric; null where a text explains it.</summary>
    [Id(10)]
    public MetricValue? Metric { get; init; }

    /// <summary>With <see cref="RunEventKind.Waiting"/> and <see cref="RunEventKind.Resumed"/>: the cause.</summary>
    [Id(11)]
    public WaitCause? Wait { get; init; }

    /// <summary>With <see cref="RunEventKind.Rewound"/>: the cause.</summary>
    [Id(12)]
    public RewindCause? Rewind { get; init; }
}

/// <summary>A metric of an evaluation.</summary>
/// <param name="Name">Its name, such as <c>logLikelihood.test</c>.</param>
/// <param name="Value">Its value.</param>
[GenerateSerializer, Immutable, Alias("ebm.MetricValue")]
internal sealed record MetricValue([property: Id(0)] string Name, [property: Id(1)] double Value);
