using System.Text.Json.Nodes;
using Ebm.Contracts.Cluster;
using Ebm.Contracts.Runs;
using Ebm.Grains.Stores;

namespace Ebm.Silo.Pages;

/// <summary>Watches which runs there are and how they do.</summary>
internal sealed class RunsFeed(IClusterGrain cluster, RunHome? home, TimeProvider time, CancellationToken stopping)
    : LiveFeed(time, stopping)
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _time = time;
    private string _runs = "[]";

    /// <summary>The runs as a JSON array, the latest first.</summary>
    public async Task<string> Runs() =>
        new JsonArray([.. (await cluster.Runs()).Reverse().Select(Row)]).ToJsonString(PagesJson.Options);

    /// <inheritdoc/>
    protected override async Task Open() => _runs = await Runs();

    /// <inheritdoc/>
    protected override async Task Poll()
    {
        await Task.Delay(Every, _time);
        var runs = await Runs();
        lock (Gate)
        {
            if (runs != _runs)
            {
                _runs = runs;
                Tell(Snapshot());
            }
        }
    }

    /// <inheritdoc/>
    protected override LiveMessage Snapshot() => new("runs", _runs);

    /// <summary>
    /// A run of this folder that another process may be working on is known by its record alone, which is old.
    /// </summary>
    private JsonObject Row(RunStatus status)
    {
        var row = PagesJson.Node(status);
        row["elsewhere"] = home is not null && status.IsUnfinished && !home.Has(status.Id);
        return row;
    }
}
