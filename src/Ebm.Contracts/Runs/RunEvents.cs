using Ebm.Contracts.Epochs;
using Ebm.Core.Diagnostics;
using Ebm.Core.Recovery;

namespace Ebm.Contracts.Runs;

/// <summary>A round as it goes into metrics and onto a screen.</summary>
/// <param name="Figures">What the spec determines.</param>
/// <param name="Negatives">Negatives that were drawn.</param>
/// <param name="Seconds">Time that the round took; the one figure that differs from run to run.</param>
[GenerateSerializer, Immutable, Alias("ebm.RoundReport")]
internal sealed record RoundReport(
    [property: Id(0)] RoundMetrics Figures, [property: Id(1)] int Negatives, [property: Id(2)] double Seconds);

/// <summary>Some events and the run as it is after them.</summary>
[GenerateSerializer, Immutable, Alias("ebm.EventPage")]
internal sealed record EventPage([property: Id(0)] IReadOnlyList<RunEvent> Events, [property: Id(1)] RunStatus Status);

/// <summary>
/// A parameter server's report to its run: events (the run numbers them), and its end.
/// </summary>
[GenerateSerializer, Immutable, Alias("ebm.ServerReport")]
internal sealed record ServerReport
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

    /// <summary>At the beginning of an epoch: the round that it continues from.</summary>
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

    /// <summary>The state that the run ends in, or null while it continues.</summary>
    [Id(5)]
    public RunState? Ended { get; init; }

    /// <summary>With a failure: why.</summary>
    [Id(6)]
    public string? Reason { get; init; }

    /// <summary><see cref="Cause"/> as text, for a silo of version 0.1.</summary>
    [Id(8)]
    public string? Rewind { get; init; }

    /// <summary>
    /// Why a server of the next epoch has to rewind the shards; null where none has to, and from a silo of version 0.1.
    /// </summary>
    [Id(14)]
    public RewindCause? Cause { get; init; }

    /// <summary>With a checkpoint at the end: what came out.</summary>
    [Id(7)]
    public RunResult? Result { get; init; }
}

/// <summary>A piece of a file that a run wrote.</summary>
[GenerateSerializer, Immutable, Alias("ebm.ArtefactPiece")]
internal sealed record ArtefactPiece([property: Id(0)] int Pieces, [property: Id(1)] ByteBlock Bytes);
