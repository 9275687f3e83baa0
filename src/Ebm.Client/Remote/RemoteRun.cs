using System.Text;
using Ebm.Client.Runs;
using Ebm.Contracts;
using Ebm.Contracts.Runs;
using Ebm.Grains.Stores;
using Ebm.Grains.Telemetry;
using Ebm.RunFolders;

namespace Ebm.Client.Remote;

/// <summary>A run of a cluster, asked until it answers.</summary>
internal sealed class RemoteRun
{
    private readonly ClusterConnection _cluster;
    private readonly ClusterCalls _calls;

    /// <summary>The run of an id; there need not be one.</summary>
    public RemoteRun(ClusterConnection cluster, string id)
    {
        (Id, _cluster) = (RunId.Checked(id), cluster);
        _calls = cluster.Calls;
        Grain = cluster.Grains.GetGrain<IRunGrain>(id);
        Place = RunLocation.In(cluster.Name);
    }

    /// <summary>Its id.</summary>
    public string Id { get; }

    /// <summary>Its grain.</summary>
    public IRunGrain Grain { get; }

    /// <summary>Where it lives.</summary>
    public RunLocation Place { get; }

    /// <summary>The run as it is now.</summary>
    /// <exception cref="NotFoundException">There is none.</exception>
    public async Task<RunStatus> Status() => await _calls.Retry(Grain.Status) ?? throw new NotFoundException(
        $"there is no run '{Id}' in the cluster {_cluster.Name}; `./ebm list{_cluster.Name.Suffix}` shows the runs.");

    /// <summary>The events after a number that are still known.</summary>
    public Task<EventPage> Events(long after) => _calls.Retry(() => Grain.Events(after, CancellationToken.None));

    /// <summary>What the stores hold of it.</summary>
    public Task<RunDetails> Details() => _calls.Retry(Grain.Details);

    /// <summary>
    /// The same, or null if its stores do not answer: a run's status has other parts.
    /// </summary>
    public async Task<RunDetails?> DetailsOrNull()
    {
        try
        {
            return await Grain.Details();
        }
        catch (Exception e) when (TransientErrors.Is(e))
        {
            return null;
        }
    }

    /// <summary>A file that it wrote for people; null where there is none of this name.</summary>
    public Task<byte[]?> Artefact(string name) => PagedBytes.Collect(async page =>
        await _calls.Retry(() => Grain.Artefact(name, page)) is { } piece
            ? new BytePage(piece.Pieces, piece.Bytes)
            : null);

    /// <summary>All rounds that have a line in its metrics, in order.</summary>
    public async Task<IReadOnlyList<RoundReport>> Metrics() => await Artefact(RunLayout.Metrics) is { } lines
        ? [.. Encoding.UTF8.GetString(lines).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(MetricsJson.Read)]
        : [];

    /// <summary>Starts it, or continues it.</summary>
    public async Task<RunStatus> Submit(RunSubmission submission)
    {
        using var span = Tracing.Start(Catalogue.SubmitSpan).With(Catalogue.Run, Id);
        return await _calls.Retry(() => Grain.Submit(submission));
    }

    /// <summary>Goes on with it.</summary>
    public Task<RunStatus> Resume(bool allowNewHardware) => _calls.Retry(() => Grain.Resume(allowNewHardware));

    /// <summary>Asks it to stop.</summary>
    public Task Stop() => _calls.Retry(Grain.Stop);

    /// <summary>Deletes it.</summary>
    public Task Delete() => _calls.Retry(Grain.Delete);
}
