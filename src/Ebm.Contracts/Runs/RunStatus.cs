using System.Text.Json.Serialization;
using Ebm.Core.Recovery;

namespace Ebm.Contracts.Runs;

/// <summary>States of a run.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RunState>))]
internal enum RunState
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
internal sealed record RunStatus
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

    /// <summary>What an unfinished run waits for, such as <c>no cuda device</c>; null while it gets on.</summary>
    [Id(15)]
    public string? Waiting { get; init; }

    /// <summary>Parameter servers that it has had; more than one after a failure, a stop or a rewind.</summary>
    [Id(16)]
    public int Servers { get; init; }

    /// <summary>Its sizes, once a parameter server has read the data.</summary>
    [Id(17)]
    public RunShape? Shape { get; init; }

    /// <summary>Data and numerics that it is pinned to, once known.</summary>
    [Id(18)]
    public RunPins? Pins { get; init; }

    /// <summary>What its grains need of a silo.</summary>
    [Id(19)]
    public Placement.RunRequirements? Needs { get; init; }

    /// <summary>
    /// Rounds that were applied and then computed again, because what came after a checkpoint was lost.
    /// </summary>
    [Id(20)]
    public long Repeated { get; init; }

    /// <summary>Its rollbacks, in order: the violated limit, the round, and the changes since.</summary>
    [Id(22)]
    public IReadOnlyList<RollbackRecord> Rollbacks { get; init; } = [];

    /// <summary>Address of the silo that its parameter server reported from; null while there is none.</summary>
    [Id(21)]
    public string? ServerSilo { get; init; }

    /// <summary>Whether it is neither stopped nor over.</summary>
    public bool IsUnfinished => State is RunState.Pending or RunState.Running or RunState.Stopping;
}

/// <summary>A run's sizes.</summary>
/// <param name="Chains">Negatives a round.</param>
/// <param name="Shards">Shards that the chains are divided into.</param>
/// <param name="Parameters">Numbers that are learned.</param>
/// <param name="Rows">Training rows.</param>
/// <param name="Features">Numbers in a row.</param>
[GenerateSerializer, Immutable, Alias("ebm.RunShape")]
internal sealed record RunShape(
    [property: Id(0)] int Chains,
    [property: Id(1)] int Shards,
    [property: Id(2)] long Parameters,
    [property: Id(3)] int Rows,
    [property: Id(4)] int Features);

/// <summary>What a run produced by the round it ended at.</summary>
[GenerateSerializer, Immutable, Alias("ebm.RunResult")]
internal sealed record RunResult
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
