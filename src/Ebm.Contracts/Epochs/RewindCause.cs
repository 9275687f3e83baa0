using System.Globalization;
using System.Text.Json.Serialization;
using Ebm.Contracts.Chains;

namespace Ebm.Contracts.Epochs;

/// <summary>Reasons for a rewind.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<RewindReason>))]
internal enum RewindReason
{
    /// <summary>A shard is at another round than its parameter server expects.</summary>
    ShardOutOfStep,

    /// <summary>A checkpoint is missing or altered; its rounds are computed again.</summary>
    CheckpointLost,

    /// <summary>A store's record is missing, or its checksum does not match.</summary>
    CorruptRecord,

    /// <summary>Training has diverged, and the run rolls back.</summary>
    Divergence,

    /// <summary>The parameter server's silo died.</summary>
    ServerLost,

    /// <summary>The parameter server's silo stops; another server continues.</summary>
    Handover,

    /// <summary>A parameter server of version 0.1 gave a text only.</summary>
    Unspecified,
}

/// <summary>Why an epoch ends, and the next one rewinds all shards to a checkpoint.</summary>
[GenerateSerializer, Immutable, Alias("ebm.RewindCause")]
internal sealed record RewindCause
{
    /// <summary>The reason.</summary>
    [Id(0)]
    public required RewindReason Reason { get; init; }

    /// <summary>
    /// The round: the one that the shard was asked for, that of the checkpoint, the one that diverged,
    /// or the last one before a handover.
    /// </summary>
    [Id(1)]
    public long Round { get; init; }

    /// <summary>With <see cref="RewindReason.ShardOutOfStep"/>: the shard's number.</summary>
    [Id(2)]
    public int? Shard { get; init; }

    /// <summary>With <see cref="RewindReason.ShardOutOfStep"/>: the last round that the shard committed.</summary>
    [Id(3)]
    public long? Got { get; init; }

    /// <summary>With <see cref="RewindReason.ShardOutOfStep"/>: the shard's answer.</summary>
    [Id(4)]
    public AdvanceOutcome? Outcome { get; init; }

    /// <summary>An error message, where there is one.</summary>
    [Id(5)]
    public string? Problem { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Reason switch
    {
        RewindReason.ShardOutOfStep => Text(
            $"shard {Shard} was asked for round {Round} and is at round {Got} ({Outcome}){Explain(": ", "")}"),
        RewindReason.CheckpointLost => Text(
            $"the checkpoint of round {Round} is missing or altered{Explain(" (", ")")}; computing its rounds again"),
        RewindReason.Divergence => Text($"diverged at round {Round}"),
        RewindReason.ServerLost => "the parameter server was lost",
        RewindReason.Handover => Text($"the parameter server's silo stops; it handed over after round {Round}"),
        _ => Problem ?? "a record is corrupt",
    };

    private string Explain(string before, string after) => Problem is null ? "" : before + Problem + after;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
