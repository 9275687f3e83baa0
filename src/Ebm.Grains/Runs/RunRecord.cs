using Ebm.Contracts.Runs;
using Ebm.Core.Recovery;

namespace Ebm.Grains.Runs;

/// <summary>What is stored of a run: everything that has to outlive all silos.</summary>
[GenerateSerializer, Alias("ebm.RunRecord")]
internal sealed record RunRecord
{
    /// <summary>Name of the grain storage that holds runs.</summary>
    public const string Storage = "runs";

    /// <summary>Canonical JSON of the spec.</summary>
    [Id(0)]
    public string SpecJson { get; set; } = "";

    /// <summary>SHA-256 (hex) of it.</summary>
    [Id(1)]
    public string SpecDigest { get; set; } = "";

    /// <summary>Where its first parameters came from.</summary>
    [Id(2)]
    public Lineage? Lineage { get; set; }

    /// <summary>Its state.</summary>
    [Id(3)]
    public RunState State { get; set; }

    /// <summary>Why it is in that state.</summary>
    [Id(4)]
    public string? Reason { get; set; }

    /// <summary>Epoch of the parameter server in charge.</summary>
    [Id(5)]
    public long Epoch { get; set; }

    /// <summary>Data and numerics that the result depends on.</summary>
    [Id(6)]
    public RunPins? Pins { get; set; }

    /// <summary>Whether it may go on with other numerics than it was pinned to.</summary>
    [Id(7)]
    public bool AllowNewHardware { get; set; }

    /// <summary>Rounds applied, as last written.</summary>
    [Id(8)]
    public long Round { get; set; }

    /// <summary>Rounds in all; 0 until known.</summary>
    [Id(9)]
    public long Rounds { get; set; }

    /// <summary>Attempt.</summary>
    [Id(10)]
    public int Attempt { get; set; }

    /// <summary>When it was submitted.</summary>
    [Id(11)]
    public DateTimeOffset Submitted { get; set; }

    /// <summary>When it last changed.</summary>
    [Id(12)]
    public DateTimeOffset Updated { get; set; }

    /// <summary>Seconds spent on rounds.</summary>
    [Id(13)]
    public double Seconds { get; set; }

    /// <summary>What came out.</summary>
    [Id(14)]
    public RunResult? Result { get; set; }

    /// <summary>No event has a number above this one.</summary>
    [Id(15)]
    public long LastEvent { get; set; }

    /// <summary>Parameter servers so far.</summary>
    [Id(16)]
    public int Servers { get; set; }

    /// <summary>Its sizes, once known.</summary>
    [Id(17)]
    public RunShape? Shape { get; set; }

    /// <summary>Parameter servers that were lost one after the other without a round between them.</summary>
    [Id(19)]
    public int Losses { get; set; }

    /// <summary>The round that the last one of them was lost at.</summary>
    [Id(20)]
    public long LostAt { get; set; }

    /// <summary>Rounds that were computed again.</summary>
    [Id(21)]
    public long Repeated { get; set; }

    /// <summary>Its rollbacks, as last reported: the checkpoints have them, too.</summary>
    [Id(22)]
    public IReadOnlyList<RollbackRecord> Rollbacks { get; set; } = [];

    /// <summary>W3C trace context of the call that last submitted it; null where it was not traced.</summary>
    [Id(23)]
    public string? Trace { get; set; }

    /// <summary>Goes up with every write: of two records, the one with the higher revision is the younger.</summary>
    [Id(18)]
    public long Revision { get; set; }
}
