using Ebm.Client.Output;
using Ebm.Contracts.Runs;

namespace Ebm.Client.Runs;

/// <summary>All that there is to say of a run.</summary>
/// <param name="Status">The run.</param>
/// <param name="State">Its state, also <c>interrupted</c> and <c>waiting</c>.</param>
/// <param name="Checkpoints">Its checkpoints, the newest first; null where the stores did not say.</param>
/// <param name="Slots">Its replay slots, where there are any.</param>
/// <param name="Directory">Its folder, on this machine.</param>
/// <param name="Storage">What it takes up, in a cluster.</param>
/// <param name="Samples">Its latest samples, where they are lines of text.</param>
internal sealed record StatusPage(
    RunStatus Status, string State, IReadOnlyList<CheckpointInfo>? Checkpoints, SlotsSummary? Slots,
    string? Directory = null, RunStorage? Storage = null, string? Samples = null)
{
    // A record is written at checkpoints, figures come between them.
    public long Round => Status.IsUnfinished ? Math.Max(Status.Round, Status.Latest?.Figures.Round ?? 0) : Status.Round;

    /// <summary>Reads a run's folder.</summary>
    /// <exception cref="NotFoundException">There is no such run.</exception>
    public static StatusPage Of(RunFiles files, string id)
    {
        var record = files.Get(id);
        var manifests = files.Checkpoints(id);
        return new StatusPage(
            record.ToStatus(id) with { Latest = files.LatestMetrics(id) }, files.StateOf(id, record),
            [.. manifests.Select(m => m.ToInfo())], manifests.Count == 0 ? null : SlotsSummary.Of(manifests[0]),
            files.Of(id),
            Samples: files.LatestSamples(id));
    }

    /// <summary>Of a run in a cluster; without details where its stores do not answer.</summary>
    public static StatusPage Of(RunStatus status, RunDetails? details, DateTimeOffset now) => new(
        status, status is { IsUnfinished: true, Waiting: not null }
            ? "waiting"
            : status.State.ToString().ToLowerInvariant(),
        details?.Checkpoints, details is null ? null : SlotsSummary.Of(details.Storage.Shards, now),
        Storage: details?.Storage,
        Samples: details?.Samples);

    /// <summary>A line of the list.</summary>
    public IReadOnlyList<string> Row() =>
    [
        Status.Id, State, HumanFormat.Of($"{Round}"), Status.Rounds == 0 ? "?" : HumanFormat.Of($"{Status.Rounds}"),
        HumanFormat.Of($"{Status.Seconds:0.0}"), HumanFormat.Time(Status.Updated),
    ];
}
