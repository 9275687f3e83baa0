using Ebm.Contracts.Chains;
using Ebm.Core.Rounds;
using Ebm.Grains.Stores;
using static Ebm.Grains.Tests.Stores.Redis.RedisStores;

namespace Ebm.Grains.Tests.Stores.Redis;

public sealed class RedisReplayStoreTests : ReplayStoreContract, IAsyncLifetime
{
    private RedisServer _server = null!;
    private RedisStores _redis = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await RedisServer.Start();
        _redis = await On(_server);
    }

    public async ValueTask DisposeAsync()
    {
        if (_redis is not null)
        {
            await _redis.DisposeAsync();
        }

        await _server.DisposeAsync();
    }

    /// <summary>
    /// With any byte of a record changed, the record is read as written or refused, and the place is named.
    /// </summary>
    [Fact]
    public async Task Read_OfARecordWithAnyByteChanged_NamesRunAndShard()
    {
        var epoch = await Begin();
        await _redis.Replay.Commit(Shard, Commit(epoch, 1, 3, checkpoint: true));
        await EveryByte(
            _redis.Keys.Shard(Shard).ToString(), () => _redis.Replay.Read(Shard), "the record of shard 0 of run 'r'");
        await EveryByte(
            _redis.Keys.Copy(Shard, 0, 1).ToString(), () => _redis.Replay.ReadCopy(Shard, 0, 1),
            "the copied record of shard 0 of run 'r'");
    }

    [Fact]
    public async Task Read_OfASlotWithABitChanged_NamesTheSlot()
    {
        await Begin();
        await Flip(_redis.Keys.Shard(Shard).ToString(), 112 + 2 * (Bytes + 4) + 1);
        var e = await Assert.ThrowsAsync<CorruptRecordException>(() => _redis.Replay.Read(Shard));
        Assert.Contains("slot 2 does not have its checksum", e.Message, StringComparison.Ordinal);
    }

    /// <summary>
    /// Sound bytes in the wrong place: another shard's record, another slot's state, another round's copy.
    /// </summary>
    [Fact]
    public async Task Read_OfSoundBytesInTheWrongPlace_IsRefused()
    {
        var epoch = await Begin();
        await _redis.Replay.Commit(Shard, Commit(epoch, 1, 3, checkpoint: true));
        var other = new ShardKey(Run, 1);
        await _redis.Database.KeyCopyAsync(_redis.Keys.Shard(Shard), _redis.Keys.Shard(other));
        await Assert.ThrowsAsync<CorruptRecordException>(() => _redis.Replay.Read(other));

        await _redis.Database.KeyCopyAsync(_redis.Keys.Copy(Shard, 0, 1), _redis.Keys.Copy(Shard, 0, 2));
        await Assert.ThrowsAsync<CorruptRecordException>(() => _redis.Replay.ReadCopy(Shard, 0, 2));

        var slot = (byte[])(await _redis.Database.StringGetRangeAsync(_redis.Keys.Shard(Shard), 112, 112 + Bytes + 3))!;
        await _redis.Database.StringSetRangeAsync(_redis.Keys.Shard(Shard), 112 + Bytes + 4, slot);
        await Assert.ThrowsAsync<CorruptRecordException>(() => _redis.Replay.Read(Shard));
    }

    /// <summary>A refusal caused by a corrupt header is reported, not obeyed; the next rewind repairs it.</summary>
    [Theory]
    [InlineData(16 + 5)]
    [InlineData(16 + 8)]
    [InlineData(16 + 16)]
    public async Task Commit_OverACorruptHeader_IsReportedAndARewindRepairsIt(int at)
    {
        var epoch = await Begin();
        await _redis.Replay.Commit(Shard, Commit(epoch, 1, 3));
        await Flip(_redis.Keys.Shard(Shard).ToString(), at);
        await Assert.ThrowsAsync<CorruptRecordException>(() => _redis.Replay.Commit(Shard, Commit(epoch, 2, 3)));

        var next = await _redis.Fence.Raise(Run, epoch);
        Assert.Equal(
            WriteVerdict.Accepted, await _redis.Replay.Rewind(Shard, new RewindOrder(next, 0, 0), Fresh(4), Bytes));
        Assert.Equal(Fresh(4), (await _redis.Replay.Read(Shard))!.Slots);
    }

    /// <summary>
    /// Redis may forget an epoch that it gave out. Its owner continues, and earlier writers do not.
    /// </summary>
    [Fact]
    public async Task Write_OfAnEpochAboveTheFence_RaisesIt()
    {
        var epoch = await Begin();
        Assert.Equal(
            WriteVerdict.Accepted,
            await _redis.Replay.Rewind(Shard, new RewindOrder(epoch + 9, 0, 0), Fresh(1), Bytes));
        Assert.Equal(epoch + 9, (long)await _redis.Database.StringGetAsync(_redis.Keys.Fence(Run)));
        Assert.Equal(WriteVerdict.StaleEpoch, await _redis.Replay.Commit(Shard, Commit(epoch, 1, 3)));
    }

    [Fact]
    public async Task Raise_WithTheFenceLost_LiesAboveAllThatWasGivenOut()
    {
        var epochs = new List<long>();
        for (var i = 0; i < 20; i++)
        {
            epochs.Add(await _redis.Fence.Raise(Run, 5));
            if (i % 3 == 0)
            {
                await _redis.Database.KeyDeleteAsync(_redis.Keys.Fence(Run));

                // Epochs are milliseconds: three that were given out within one reach two beyond it.
                await Task.Delay(10, TestContext.Current.CancellationToken);
            }
        }

        Assert.Equal(epochs.Distinct().Order(), epochs);
        Assert.Equal(epochs[^1] + 1_000_000, await _redis.Fence.Raise(Run, epochs[^1] + 1_000_000));
    }

    [Fact]
    public async Task Commit_WithoutAFence_IsRefused()
    {
        var epoch = await Begin();
        await _redis.Database.KeyDeleteAsync(_redis.Keys.Fence(Run));
        Assert.Equal(WriteVerdict.StaleEpoch, await _redis.Replay.Commit(Shard, Commit(epoch, 1, 3)));
    }

    private protected override Task<(IReplayStore Store, IRunFence Fence)> Open() =>
        Task.FromResult<(IReplayStore, IRunFence)>((_redis.Replay, _redis.Fence));

    private async Task<long> Begin()
    {
        var epoch = await _redis.Fence.Raise(Run, 1);
        await _redis.Replay.Rewind(Shard, new RewindOrder(epoch, 0, 0), Fresh(), Bytes);
        return epoch;
    }

    private async Task EveryByte(string key, Func<Task> read, string named)
    {
        var length = await _redis.Database.StringLengthAsync(key);
        for (var at = 0; at < length; at++)
        {
            await Flip(key, at);
            var e = await Assert.ThrowsAsync<CorruptRecordException>(read);
            Assert.Contains(named, e.Message, StringComparison.Ordinal);
            await Flip(key, at);
        }

        await read();
        await _redis.Database.StringAppendAsync(key, "x");
        await Assert.ThrowsAsync<CorruptRecordException>(read);
    }

    private async Task Flip(string key, int at)
    {
        var value = (byte[])(await _redis.Database.StringGetRangeAsync(key, at, at))!;
        await _redis.Database.StringSetRangeAsync(key, at, new[] { (byte)(value[0] ^ 4) });
    }
}
