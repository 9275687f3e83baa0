using Ebm.Client.Output;
using Ebm.Contracts.Runs;
using Ebm.Core.Checkpoints;

namespace Ebm.Client.Runs;

/// <summary>A run's replay slots, all shards together.</summary>
/// <param name="Bytes">Bytes they take.</param>
/// <param name="Shards">Shards that have some.</param>
/// <param name="Slots">Their number, where it is known.</param>
/// <param name="Age">Time since the shard that is longest behind wrote; null where it is not known.</param>
/// <param name="Reinitialised">Share of the last round's chains that started afresh.</param>
internal sealed record SlotsSummary(long Bytes, int Shards, long? Slots, TimeSpan? Age, double? Reinitialised)
{
    /// <summary>Of a checkpoint's; null where chains do not persist.</summary>
    public static SlotsSummary? Of(Manifest manifest)
    {
        var bytes = manifest.Files.Where(f => f.Name.StartsWith("slots-", StringComparison.Ordinal)).Sum(f => f.Length);
        return bytes == 0 ? null : new SlotsSummary(bytes, manifest.Shards, null, null, null);
    }

    /// <summary>Of a cluster's store; null where it holds none.</summary>
    public static SlotsSummary? Of(IReadOnlyList<ShardStorage> shards, DateTimeOffset now)
    {
        var slots = shards.Sum(s => s.Slots);
        return slots == 0 ? null : new SlotsSummary(
            shards.Sum(s => s.Bytes), shards.Count, slots, now - shards.Min(s => s.Written),
            shards.Sum(s => s.Reinitialised * s.Slots) / slots);
    }

    public override string ToString() =>
        (Slots is { } slots ? HumanFormat.Of($"{HumanFormat.Count(slots)}, ") : "")
        + HumanFormat.Of($"{HumanFormat.Size(Bytes)} in {Shards} shards")
        + (Age is { } age ? $", written {HumanFormat.Span(Math.Max(0, age.TotalSeconds))} ago" : "")
        + (Reinitialised is { } share ? HumanFormat.Of($", {share * 100:0.##} % of the chains re-initialised") : "");
}
