using System.Collections.Concurrent;
using Ebm.Contracts.Cluster;
using Ebm.Contracts.Runs;
using Ebm.Grains.Stores;
using Microsoft.Extensions.DependencyInjection;

namespace Ebm.Silo.Pages;

/// <summary>The live feeds of a silo: one for each subject of open pages.</summary>
internal sealed class LiveFeeds(
    IGrainFactory grains, IRunJournal journal, SiloTable silos, PagesOptions options, IServiceProvider services,
    TimeProvider time, PagesShutdown end)
{
    private readonly ConcurrentDictionary<string, RunFeed> _runs = new();
    private readonly ConcurrentDictionary<string, RunSlots> _slots = new();

    /// <summary>Of all runs.</summary>
    public RunsFeed Runs { get; } = new(
        grains.GetGrain<IClusterGrain>(0), services.GetService<RunHome>(), time, end.Token);

    /// <summary>Of the cluster's silos.</summary>
    public ClusterFeed Cluster { get; } = new(
        silos, grains.GetGrain<IClusterGrain>(0), options.Dashboard, time, end.Token);

    /// <summary>Of a run that there is.</summary>
    public RunFeed Run(string id) => _runs.GetOrAdd(id, i => new RunFeed(
        i, grains.GetGrain<IRunGrain>(i), journal, new ServerViewPoller(i, grains, silos, time), time, end.Token));

    /// <summary>Of the replay slots of a run that there is.</summary>
    public RunSlots Slots(string id) => _slots.GetOrAdd(id, i => new RunSlots(i, grains.GetGrain<IRunGrain>(i), time));
}
