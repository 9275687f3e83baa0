using System.Text.Json.Serialization;

namespace Ebm.Contracts.Runs;

/// <summary>States of a run.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RunState>))]
public enum RunState
{
    /// <summary>Accepted, not yet started.</summary>
    [JsonStringEnumMemberName("pending")]
    Pending,

    /// <summary>Rounds are being computed.</summary>
    [JsonStringEnumMemberName("running")]
    Running,

    /// <summary>Ends at the next round boundary.</summary>
    [JsonStringEnumMemberName("stopping")]
    Stopping,

    /// <summary>Stopped by the user; can go on.</summary>
    [JsonStringEnumMemberName("stopped")]
    Stopped,

    /// <summary>All rounds are done.</summary>
    [JsonStringEnumMemberName("succeeded")]
    Succeeded,

    /// <summary>Ended by an error.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,
}

/// <summary>A run as it is now.</summary>
[GenerateSerializer, Immutable, Alias("ebm.RunStatus")]
public sealed record RunStatus
{
    /// <summary>Its id.</summary>
    [Id(0)]
    public required string Id { get; init; }

    /// <summary>Its state.</summary>
    [Id(1)]
    public required RunState State { get; init; }

    /// <summary>Why it is in that state, where there is something to say.</summary>
    [Id(2)]
    public string? Reason { get; init; }

    /// <summary>Rounds applied.</summary>
    [Id(3)]
    public long Round { get; init; }

    /// <summary>Rounds in all.</summary>
    [Id(4)]
    public long Rounds { get; init; }

    /// <summary>Attempt.</summary>
    [Id(5)]
    public int Attempt { get; init; }

    /// <summary>Epoch: how many parameter servers it has had.</summary>
    [Id(6)]
    public long Epoch { get; init; }

    /// <summary>SHA-256 (hex) of the spec.</summary>
    [Id(7)]
    public required string SpecDigest { get; init; }

    /// <summary>The run that it started from.</summary>
    [Id(8)]
    public Lineage? Lineage { get; init; }

    /// <summary>When it was submitted.</summary>
    [Id(9)]
    public DateTimeOffset Submitted { get; init; }

    /// <summary>When it last changed.</summary>
    [Id(10)]
    public DateTimeOffset Updated { get; init; }

    /// <summary>Seconds that rounds have been computed for, over all epochs.</summary>
    [Id(11)]
    public double Seconds { get; init; }

    /// <summary>What came out, where it has ended with a checkpoint.</summary>
    [Id(12)]
    public RunResult? Result { get; init; }

    /// <summary>Figures of the latest round.</summary>
    [Id(13)]
    public RoundReport? Latest { get; init; }

    /// <summary>Number of the latest event.</summary>
    [Id(14)]
    public long LastEvent { get; init; }
}

/// <summary>What a run produced by the round it ended at.</summary>
[GenerateSerializer, Immutable, Alias("ebm.RunResult")]
public sealed record RunResult
{
    /// <summary>The round.</summary>
    [Id(0)]
    public required long Round { get; init; }

    /// <summary>SHA-256 (hex) of the flat little-endian float32 parameters.</summary>
    [Id(1)]
    public required string ParametersSha256 { get; init; }

    /// <summary>SHA-256 (hex) of the whole state: parameters, optimiser, averages, slots.</summary>
    [Id(2)]
    public required string StateSha256 { get; init; }

    /// <summary>Figures of the evaluation, by name.</summary>
    [Id(3)]
    public IReadOnlyDictionary<string, double> Evaluation { get; init; } = new Dictionary<string, double>();
}
