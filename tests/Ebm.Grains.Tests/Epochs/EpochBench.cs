using System.Collections.Immutable;
using Ebm.Configuration.Reading;
using Ebm.Contracts.Chains;
using Ebm.Contracts.Epochs;
using Ebm.Contracts.Placement;
using Ebm.Contracts.Runs;
using Ebm.Core.Rounds;
using Ebm.Core.Spec;
using Ebm.Grains.Admission;
using Ebm.Grains.Chains;
using Ebm.Grains.Devices;
using Ebm.Grains.Epochs;
using Ebm.Grains.Faults;
using Ebm.Grains.Placement;
using Ebm.Grains.Reporting;
using Ebm.Grains.Runs;
using Ebm.Grains.Shards;
using Ebm.Grains.Stores;
using Ebm.Grains.Telemetry;
using Ebm.Grains.Versions;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orleans.Runtime.MembershipService.SiloMetadata;

namespace Ebm.Grains.Tests.Epochs;

/// <summary>
/// Epochs of one run without grains: stores in files, shards in this process, and a scheduler that runs one turn at a
/// time, as a grain's does.
/// </summary>
internal sealed class EpochBench : IDisposable
{
    private const string Id = "a";

    private readonly TempHome _folder = new();
    private readonly RunHome _home;
    private readonly FileRunJournal _journal;
    private readonly DeviceLanes _lanes;
    private readonly SiloMetrics _metrics;
    private readonly RunSpec _spec;
    private readonly RunContexts _contexts;
    private readonly IGrainFactory _grains;
    private readonly Dictionary<string, LocalShard> _shards = [];
    private readonly ConcurrentExclusiveSchedulerPair _turns = new();
    private long _epoch;

    public EpochBench(RunSpec spec)
    {
        var options = new LaneOptions { Device = "cpu", Lanes = 2 };
        (_spec, _home, _lanes) = (spec, new RunHome(_folder.Path), new DeviceLanes(Options.Create(options)));
        (_journal, Replay) = (new FileRunJournal(_home), new FileReplayStore(_home));
        Checkpoints = new FileCheckpointStore(_home, _lanes);
        _metrics = new SiloMetrics(
            _lanes, SiloLabels.Here(control: true, options, TimeProvider.System), new StoreHealth(TimeProvider.System));
        _contexts = new RunContexts(_lanes, RunLimits.None);
        _grains = Stub.Of<IGrainFactory>((method, args) =>
            method.ReturnType == typeof(IChainGrain) ? _shards[(string)args[0]!] : null);
    }

    public FaultPoints Faults { get; } = new();

    public FileReplayStore Replay { get; }

    public FileCheckpointStore Checkpoints { get; }

    /// <summary>Replaces a shard's answer to an order, unless it is null.</summary>
    public Func<int, AdvanceOrder, AdvanceReply?> Answer { get; set; } = (_, _) => null;

    /// <summary>All events of all epochs.</summary>
    public List<RunEvent> Events { get; } = [];

    public Task<IReadOnlyList<RoundReport>> Metrics() => _journal.ReadMetrics(Id);

    /// <summary>Rounds of the checkpoints, the newest first, with the digest of each.</summary>
    public async Task<IReadOnlyList<(long Round, string StateSha256)>> ListCheckpoints() =>
        [.. (await Checkpoints.List(Id)).Select(m => (m.Round, m.StateSha256))];

    /// <summary>
    /// Runs the next epoch to its end; <paramref name="ended"/> sees the epoch before it is disposed.
    /// </summary>
    public Task<EpochResult> Run(StopSignal? stop = null, Func<Epoch, Task>? ended = null) => Task.Factory.StartNew(
        async () =>
        {
            await _home.Register(Id);
            _epoch = await _home.Raise(Id, _epoch + 1);
            var run = await _contexts.Load(Id, _spec);
            var cache = new ParameterCache(_grains, _lanes, _metrics);
            PlaceShards(run, cache);
            var loader = new TrainerStateLoader(Checkpoints, _lanes);
            var restorer = new EpochRestorer(
                loader, Checkpoints, _journal, _lanes, TimeProvider.System, NullLogger<RunReporter>.Instance);
            using var restored = await restorer.Restore(
                new EpochAssignment(Start(), run, Grain(), "", stop ?? new StopSignal()));
            await using var epoch = Factory(cache).Create(restored, null, TestContext.Current.CancellationToken);
            await new EpochEntry(epoch).Enter();
            var result = await new TrainingLoop(epoch).Run();
            await epoch.Reporter.Flush(TestContext.Current.CancellationToken);
            await (ended?.Invoke(epoch) ?? Task.CompletedTask);
            return result;
        },
        TestContext.Current.CancellationToken,
        TaskCreationOptions.None,
        _turns.ExclusiveScheduler).Unwrap();

    public void Dispose()
    {
        _lanes.Dispose();
        _metrics.Dispose();
        Replay.Dispose();
        _journal.Dispose();
        _home.Dispose();
        _folder.Dispose();
    }

    private ServerStart Start() => new(_epoch, new RunDescription(
        Id, SpecJson.Write(_spec), SpecJson.Digest(_spec), null, null, false, new RunRequirements("cpu")));

    private IRunGrain Grain() => Stub.Of<IRunGrain>((method, args) =>
    {
        Events.AddRange(((ServerReport)args[0]!).Events);
        return method.Name == nameof(IRunGrain.Report) ? Task.FromResult(true) : null;
    });

    private EpochFactory Factory(ParameterCache cache)
    {
        var nobody = new ClusterMembershipSnapshot(ImmutableDictionary<SiloAddress, ClusterMember>.Empty, default);
        var silos = new LaneSilos(
            Stub.Of<IClusterMembershipService>((_, _) => nobody), Stub.Of<ISiloMetadataCache>((_, _) => null));
        return new EpochFactory(
            new ShardCalls(_grains, _metrics, TimeProvider.System, NullLogger<ShardCalls>.Instance),
            cache,
            _lanes,
            Checkpoints,
            Replay,
            _journal,
            silos,
            _grains,
            Faults,
            _metrics,
            TimeProvider.System,
            NullLogger<ShardLocations>.Instance);
    }

    /// <summary>New activations of all shards, which read what the store holds.</summary>
    private void PlaceShards(RunContext run, ParameterCache cache)
    {
        foreach (var shard in run.Plan.Shards)
        {
            var key = new ShardKey(Id, shard.Index);
            _shards[key.ToString()] = new LocalShard(Load(key), order => Answer(shard.Index, order));
        }

        async Task<ShardWork> Load(ShardKey key)
        {
            var work = new ShardWork(
                key, run, cache, _lanes, Replay, Checkpoints, Faults, _metrics, TimeProvider.System);
            await work.Load(problem => Assert.Fail(problem));
            return work;
        }
    }
}
