using Ebm.Contracts;
using Ebm.Contracts.Runs;
using Ebm.Grains.Devices;
using Ebm.Grains.Hosting;
using Ebm.Grains.Placement;
using Ebm.Grains.Runs;
using Ebm.Grains.Stores;
using Ebm.Silo;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.TestingHost;

namespace Ebm.Grains.Tests.Runs;

/// <summary>
/// Silos in one process that share their stores, as a cluster's silos share Redis; quick to see that one is dead.
/// </summary>
internal sealed class TestCluster : IAsyncDisposable
{
    private readonly TempHome _folder = new();
    private readonly RunHome _home;
    private readonly FileReplayStore _replay;
    private readonly FileRunJournal _journal;
    private readonly InProcessTestCluster _cluster;

    private SiloLabels _labels = SiloLabels.Here(
        control: true, new LaneOptions { Device = "cpu", Lanes = 1 }, TimeProvider.System);

    private TestCluster(int silos, CallCounter counter)
    {
        _home = new RunHome(_folder.Path);
        (_replay, _journal) = (new FileReplayStore(_home), new FileRunJournal(_home));
        var builder = new InProcessTestClusterBuilder((short)silos);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.Services.AddSingleton(_home);
            silo.Services.AddSingleton<IRunFence>(_home);
            silo.Services.AddSingleton<IRunCatalogue>(_home);
            silo.Services.AddSingleton<IReplayStore>(_replay);
            silo.Services.AddSingleton<IRunJournal>(_journal);
            EmbeddedSilo.AddRunServices(silo, new LaneOptions { Device = "cpu", Lanes = 1 }, _labels);
            silo.Services.AddGracefulHandover().AddBringBack();
            silo.AddIncomingGrainCallFilter(counter);
            silo.UseInMemoryReminderService();
            silo.Configure<RunOptions>(o => o.WatchInterval = TimeSpan.FromMilliseconds(300));
            silo.Configure<SiloMessagingOptions>(o => o.ResponseTimeout = TimeSpan.FromSeconds(5));
            silo.Configure<ClusterMembershipOptions>(o =>
            {
                (o.NumMissedProbesLimit, o.NumVotesForDeathDeclaration) = (2, 1);
                o.ProbeTimeout = o.TableRefreshTimeout = TimeSpan.FromSeconds(1);
            });
        });
        builder.ConfigureClient(client => client.Services.AddErrorSerialization());
        _cluster = builder.Build();
    }

    public static async Task<TestCluster> Start(int silos, CallCounter? counter = null)
    {
        var cluster = new TestCluster(silos, counter ?? new CallCounter());
        await cluster._cluster.DeployAsync(TestContext.Current.CancellationToken);
        return cluster;
    }

    public IGrainFactory Grains => _cluster.Client;

    public IRunGrain Run(string id) => Grains.GetGrain<IRunGrain>(id);

    public IEnumerable<IServiceProvider> Silos => _cluster.Silos.Select(s => s.ServiceProvider);

    /// <summary>All that is stored.</summary>
    public IEnumerable<string> Files() =>
        Directory.EnumerateFileSystemEntries(_folder.Path, "*", SearchOption.AllDirectories);

    /// <summary>Kills the silo that a grain is on.</summary>
    public async Task KillSiloOf(IAddressable grain)
    {
        await _cluster.KillSiloAsync(SiloOf(grain), TestContext.Current.CancellationToken);
    }

    public async Task StopSiloOf(IAddressable grain)
    {
        await _cluster.StopSiloAsync(SiloOf(grain), TestContext.Current.CancellationToken);
    }

    /// <summary>Adds a silo, one that says other things of itself if they are given.</summary>
    public Task AddSilo(Func<SiloLabels, SiloLabels>? says = null)
    {
        _labels = says?.Invoke(_labels) ?? _labels;
        return _cluster.StartAdditionalSiloAsync();
    }

    private InProcessSiloHandle SiloOf(IAddressable grain)
    {
        Assert.True(_cluster.TryGetGrainContext(grain.GetGrainId(), out var context), "The grain is nowhere.");
        return _cluster.GetSiloForAddress(context.Address.SiloAddress!)!;
    }

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        _replay.Dispose();
        _journal.Dispose();
        _home.Dispose();
        _folder.Dispose();
    }
}
