using System.Text;
using Ebm.Contracts.Chains;
using Ebm.Core.Checkpoints;
using Ebm.Core.Recovery;
using Ebm.Core.Rounds;
using Ebm.Core.Sampling;
using Ebm.Grains.Devices;
using Ebm.Grains.Faults;
using Ebm.Grains.Stores;
using Ebm.Grains.Stores.Redis;
using Ebm.Grains.Telemetry;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Ebm.Grains.Tests.Stores.Redis;

/// <summary>The stores of one silo on a Redis, and direct access to it for the test.</summary>
internal sealed class RedisStores : IAsyncDisposable
{
    public const string Run = "r";

    /// <summary>Slots of a shard, and bytes of a state.</summary>
    public const int Slots = 5, Bytes = 3;

    public static readonly ShardKey Shard = new(Run, 0);

    /// <summary>Of a run that may go back to each checkpoint that its spec schedules.</summary>
    public static readonly RollbackPoints Points = new(every: 1, proof: 0);

    public RedisStores(IConnectionMultiplexer connection, string? directory = null)
    {
        var options = Options.Create(new RedisStoreOptions { Prefix = "t[*]", CheckpointDirectory = directory });
        Connection = connection;
        Health = new StoreHealth(TimeProvider.System);
        Calls = new RedisCalls(connection, Health, new RedisMetrics(), TimeProvider.System);
        Keys = new RedisKeys(options);
        Fence = new RedisRunFence(Calls, Keys);
        Replay = new RedisReplayStore(Calls, Keys, TimeProvider.System);
        Checkpoints = directory is null
            ? new RedisCheckpointStore(Calls, Keys, Fence, Lanes, Faults)
            : new FencedDirectoryCheckpointStore(Fence, Lanes, Faults, options);
        Journal = new RedisRunJournal(Calls, Keys);
        Catalogue = new RedisRunCatalogue(Calls, Keys, options);
    }

    public IConnectionMultiplexer Connection { get; }

    public DeviceLanes Lanes { get; } = new(Options.Create(new LaneOptions { Lanes = 1, Device = "cpu" }));

    public FaultPoints Faults { get; } = new();

    public IDatabase Database => Connection.GetDatabase();

    public StoreHealth Health { get; }

    public RedisCalls Calls { get; }

    public RedisKeys Keys { get; }

    public RedisRunFence Fence { get; }

    public IReplayStore Replay { get; }

    public ICheckpointStore Checkpoints { get; }

    public IRunJournal Journal { get; }

    public IRunCatalogue Catalogue { get; }

    public static async Task<RedisStores> On(RedisServer server, string more = "", string? directory = null) =>
        new(await server.Connect(more), directory);

    /// <summary>Everything in Redis, byte for byte, by key.</summary>
    public async Task<SortedDictionary<string, string>> Everything()
    {
        var all = new SortedDictionary<string, string>(StringComparer.Ordinal);
        await foreach (var key in Connection.GetServers()[0].KeysAsync())
        {
            all.Add(key.ToString(), Convert.ToHexString((await Database.KeyDumpAsync(key))!));
        }

        return all;
    }

    public static ShardCommit Commit(long epoch, long round, int value, bool checkpoint = false, int attempt = 0)
    {
        var states = new byte[2 * Bytes];
        Array.Fill(states, (byte)value);
        return new ShardCommit(
            new AdvanceOrder(epoch, attempt, round, round - 1, checkpoint),
            new ChainMetrics(64, 0.5, double.NaN, 3, double.NaN, 16, 0),
            [(value + 1) % Slots, value % Slots],
            states);
    }

    public static byte[] Fresh(int salt = 0) => [.. Enumerable.Range(salt, Slots * Bytes).Select(b => (byte)b)];

    public static Checkpoint Sample(long round, int attempt = 0, bool scheduled = true, byte salt = 0, int size = 4) =>
        new()
    {
        RunId = Run,
        SpecDigest = "spec",
        DataDigest = "data",
        Numerics = "numerics",
        Attempt = attempt,
        AttemptBase = 0,
        Round = round,
        Scheduled = scheduled,
        Versions = new Dictionary<long, ReadOnlyMemory<byte>> { [round] = Filled(size, (byte)(round + salt)) },
        OptimiserStep = round,
        Trainer = [new("average", ElementType.F32, [1], new byte[] { 1, 1, 1, (byte)round })],
        Slots = [Encoding.ASCII.GetBytes($"slots of {round}"), Array.Empty<byte>()],
    };

    public async ValueTask DisposeAsync()
    {
        await Connection.CloseAsync(allowCommandsToComplete: false);
        Lanes.Dispose();
    }

    private static byte[] Filled(int size, byte value)
    {
        var bytes = new byte[size];
        Array.Fill(bytes, value);
        return bytes;
    }
}
