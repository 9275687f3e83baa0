using Ebm.Core.Diagnostics;
using Ebm.Core.Recovery;

namespace Ebm.Contracts.Runs;

/// <summary>A round as it goes into metrics and onto a screen.</summary>
/// <param name="Figures">What the spec determines.</param>
/// <param name="Negatives">Negatives that were drawn.</param>
/// <param name="Seconds">Time that the round took; the one figure that differs from run to run.</param>
[GenerateSerializer, Immutable, Alias("ebm.RoundReport")]
public sealed record RoundReport(
    [property: Id(0)] RoundMetrics Figures, [property: Id(1)] int Negatives, [property: Id(2)] double Seconds);

/// <summary>Kinds of event.</summary>
public enum RunEventKind
{
    /// <summary>The run's state changed.</summary>
    State,

    /// <summary>A round was applied.</summary>
    Round,

    /// <summary>A checkpoint is whole.</summary>
    Checkpoint,

    /// <summary>A file was written into the run's directory.</summary>
    Artefact,

    /// <summary>An evaluation's figures.</summary>
    Evaluation,

    /// <summary>Something the user should know.</summary>
    Notice,

    /// <summary>The first of a round's negatives, where they are lines of text.</summary>
    Samples,

    /// <summary>The run has diverged and went back: a new attempt begins.</summary>
    Rollback,
}

/// <summary>Something that happened to a run.</summary>
/// <param name="Number">Counted from 1 within the run.</param>
/// <param name="Kind">What kind of thing.</param>
/// <param name="Round">The round it belongs to.</param>
/// <param name="Text">For people: a state, a file's name, a notice.</param>
/// <param name="Report">With <see cref="RunEventKind.Round"/>: the figures.</param>
/// <param name="At">When the run learnt of it.</param>
/// <param name="Epoch">The parameter server that was in charge.</param>
[GenerateSerializer, Immutable, Alias("ebm.RunEvent")]
public sealed record RunEvent(
    [property: Id(0)] long Number,
    [property: Id(1)] RunEventKind Kind,
    [property: Id(2)] long Round,
    [property: Id(3)] string? Text = null,
    [property: Id(4)] RoundReport? Report = null,
    [property: Id(5)] DateTimeOffset At = default,
    [property: Id(6)] long Epoch = 0);

/// <summary>Some events and the run as it is after them.</summary>
[GenerateSerializer, Immutable, Alias("ebm.EventPage")]
public sealed record EventPage([property: Id(0)] IReadOnlyList<RunEvent> Events, [property: Id(1)] RunStatus Status);

/// <summary>
/// What a parameter server tells its run: events (their numbers are given by the run), and how it ended.
/// </summary>
[GenerateSerializer, Immutable, Alias("ebm.ServerReport")]
public sealed record ServerReport
{
    /// <summary>Epoch of the server.</summary>
    [Id(0)]
    public required long Epoch { get; init; }

    /// <summary>What happened, in order.</summary>
    [Id(1)]
    public IReadOnlyList<RunEvent> Events { get; init; } = [];

    /// <summary>Seconds since the server's last report.</summary>
    [Id(2)]
    public double Seconds { get; init; }

    /// <summary>Rounds in all, once known.</summary>
    [Id(3)]
    public long Rounds { get; init; }

    /// <summary>What the run is pinned to, once known.</summary>
    [Id(4)]
    public RunPins? Pins { get; init; }

    /// <summary>Its sizes, once known.</summary>
    [Id(9)]
    public RunShape? Shape { get; init; }

    /// <summary>At the beginning of an epoch: the round that it goes on from.</summary>
    [Id(11)]
    public long? Restored { get; init; }

    /// <summary>The run's rollbacks so far, where the server has just restored or made them; null elsewhere.</summary>
    [Id(13)]
    public IReadOnlyList<RollbackRecord>? Rollbacks { get; init; }

    /// <summary>Whether the server's silo is about to stop, so that another server is to take over elsewhere.</summary>
    [Id(10)]
    public bool Leaving { get; init; }

    /// <summary>Address of the server's silo.</summary>
    [Id(12)]
    public string Silo { get; init; } = "";

    /// <summary>The state that the run ends in, or null while it goes on.</summary>
    [Id(5)]
    public RunState? Ended { get; init; }

    /// <summary>With a failure: why.</summary>
    [Id(6)]
    public string? Reason { get; init; }

    /// <summary>
    /// Why the shards have to be put back to a checkpoint, by a server of the next epoch; null where they need not.
    /// </summary>
    [Id(8)]
    public string? Rewind { get; init; }

    /// <summary>With a checkpoint at the end: what came out.</summary>
    [Id(7)]
    public RunResult? Result { get; init; }
}

/// <summary>A piece of a file that a run wrote.</summary>
[GenerateSerializer, Immutable, Alias("ebm.ArtefactPiece")]
public sealed record ArtefactPiece([property: Id(0)] int Pieces, [property: Id(1)] ByteBlock Bytes);
