using Ebm.Core;
using Ebm.Core.Checkpoints;
using Ebm.Grains.Faults;
using Ebm.Grains.Stores.Redis;
using Ebm.RunFolders.Checkpoints;
using StackExchange.Redis;
using static Ebm.Grains.Tests.Stores.Redis.RedisStores;

namespace Ebm.Grains.Tests.Stores.Redis;

public sealed class RedisCheckpointTests : IAsyncLifetime
{
    private RedisServer _server = null!;
    private RedisStores _redis = null!;
    private long _epoch;

    public async ValueTask InitializeAsync()
    {
        _server = await RedisServer.Start();
        _redis = await On(_server);
        _epoch = await _redis.Fence.Raise(Run, 1);
    }

    public async ValueTask DisposeAsync()
    {
        if (_redis is not null)
        {
            await _redis.DisposeAsync();
        }

        await _server.DisposeAsync();
    }

    /// <summary>Parameters of two and a half chunks, a shard without slots, an older attempt.</summary>
    [Fact]
    public async Task Read_OfAWrittenCheckpoint_GivesTheSameState()
    {
        var sample = Sample(7, size: 10 << 20);
        var manifest = await _redis.Checkpoints.Write(Run, _epoch, sample);
        await _redis.Checkpoints.Write(Run, _epoch, Sample(9));
        await _redis.Checkpoints.Write(Run, _epoch, Sample(3, attempt: 1));

        var read = await _redis.Checkpoints.Read(Run, 7);
        Assert.Equal(StateDigest.OfState(sample), StateDigest.OfState(read));
        Assert.Equal(manifest.StateSha256, StateDigest.OfState(read));
        Assert.Equal(sample.Slots[0].ToArray(), await _redis.Checkpoints.ReadSlots(Run, 0, 7, 0));
        Assert.Empty(await _redis.Checkpoints.ReadSlots(Run, 0, 7, 1));
        Assert.Equal(
            [(1, 3L), (0, 9L), (0, 7L)], (await _redis.Checkpoints.List(Run)).Select(m => (m.Attempt, m.Round)));
        Assert.Equal(1, (await Latest())!.Attempt);
        await Assert.ThrowsAsync<InputException>(() => _redis.Checkpoints.Read(Run, 5));
        await Assert.ThrowsAsync<InputException>(() => _redis.Checkpoints.ReadSlots(Run, 0, 7, 2));
        await Assert.ThrowsAsync<InputException>(() => _redis.Checkpoints.ReadSlots(Run, 0, 8, 0));
    }

    [Theory]
    [InlineData("parameters")]
    [InlineData("optimiser")]
    [InlineData("slots-0")]
    public async Task Latest_WithAChunkMissingAlteredOrTorn_NamesItAndFallsBack(string file)
    {
        await _redis.Checkpoints.Write(Run, _epoch, Sample(3));
        await _redis.Checkpoints.Write(Run, _epoch, Sample(7));
        var key = (await Chunks()).Single(k => k.Contains($"0-7:{file}", StringComparison.Ordinal));
        var content = (byte[])(await _redis.Database.StringGetAsync(key))!;
        byte[] altered = [.. content];
        altered[^1] ^= 1;
        foreach (var damaged in (byte[][])[[], altered, content[..^1], [.. content, 0]])
        {
            await _redis.Database.StringSetAsync(key, damaged);
            List<string> refused = [];
            Assert.Equal(3, (await _redis.Checkpoints.Latest(Run, refused.Add))!.Round);
            Assert.Contains($"checkpoint:0-7/{file}", Assert.Single(refused), StringComparison.Ordinal);
        }

        // The same round, written again, replaces it.
        await _redis.Checkpoints.Write(Run, _epoch, Sample(7));
        Assert.Equal(7, (await Latest())!.Round);
    }

    [Fact]
    public async Task Latest_WithAnyByteOfAManifestChanged_FallsBack()
    {
        await _redis.Checkpoints.Write(Run, _epoch, Sample(3));
        await _redis.Checkpoints.Write(Run, _epoch, Sample(7));
        var manifest = (byte[])(await _redis.Database.HashGetAsync(_redis.Keys.Checkpoints(Run), "0-7"))!;
        for (var i = 0; i < manifest.Length; i += 5)
        {
            byte[] altered = [.. manifest];
            altered[i] ^= 2;
            await _redis.Database.HashSetAsync(_redis.Keys.Checkpoints(Run), "0-7", altered);
            Assert.Equal(3, (await Latest())!.Round);
        }

        // What it named is not swept away: a later version of the program may be able to read it.
        await _redis.Checkpoints.Prune(Run, _epoch, 2, RedisStores.Points);
        await _redis.Database.HashSetAsync(_redis.Keys.Checkpoints(Run), "0-7", manifest);
        Assert.Equal(7, (await Latest())!.Round);
    }

    /// <summary>A writer that dies between content and pointer, and one that is replaced there.</summary>
    [Fact]
    public async Task Latest_WithContentAlone_IsTheOneBeforeAndTheNextWriteSweeps()
    {
        await _redis.Checkpoints.Write(Run, _epoch, Sample(3));
        var whole = await Chunks();
        await PutContent(Sample(7));
        Assert.Equal(3, (await Latest())!.Round);
        Assert.True((await Chunks()).Count > whole.Count);

        await _redis.Checkpoints.Prune(Run, _epoch, 2, RedisStores.Points);
        Assert.Equal(whole, await Chunks());
        Assert.Equal(whole, await ChunkKeys());
        Assert.Equal(3, (await Latest())!.Round);

        await PutContent(Sample(7));
        await _redis.Checkpoints.Write(Run, _epoch, Sample(5));
        Assert.DoesNotContain(await ChunkKeys(), k => k.Contains("0-7", StringComparison.Ordinal));
    }

    /// <summary>Redis that came back without the content that was written before: no pointer to it.</summary>
    [Fact]
    public async Task Publish_WithAChunkMissing_IsRefused()
    {
        var image = await PutContent(Sample(7));
        var chunks = CheckpointChunk.Of(_redis.Keys.Checkpoint(Run, "0-7"), image.Manifest).ToList();
        async Task<int> Publish() => (int)await CheckpointScripts.Publish.Run(
            _redis.Calls, _redis.Keys, Run, _epoch,
            [_redis.Keys.Checkpoints(Run), .. chunks.Select(c => c.Key)],
            ["0-7", image.Manifest.Write(), .. chunks.Select(c => (RedisValue)c.Length)]);

        foreach (var chunk in chunks)
        {
            var content = await _redis.Database.StringGetAsync(chunk.Key);
            await _redis.Database.KeyDeleteAsync(chunk.Key);
            Assert.Equal(0, await Publish());
            Assert.Null(await Latest());
            await _redis.Database.StringSetAsync(chunk.Key, content);
        }

        Assert.Equal(1, await Publish());
        Assert.Equal(7, (await Latest())!.Round);
    }

    [Fact]
    public async Task Write_OfAStateThatIsStored_KeepsItAndThatItWasScheduled()
    {
        await _redis.Checkpoints.Write(Run, _epoch, Sample(7, scheduled: false));
        var before = await _redis.Everything();
        await _redis.Checkpoints.Write(Run, _epoch, Sample(7, scheduled: false));
        Assert.Equal(before, await _redis.Everything());

        Assert.True((await _redis.Checkpoints.Write(Run, _epoch, Sample(7, scheduled: true))).Scheduled);
        Assert.True((await _redis.Checkpoints.Write(Run, _epoch, Sample(7, scheduled: false))).Scheduled);
        Assert.True((await _redis.Checkpoints.Read(Run, 7)).Scheduled);
    }

    /// <summary>
    /// Another state in the same place (other hardware) takes it over in one step, and leaves nothing of the first.
    /// </summary>
    [Fact]
    public async Task Write_OfAnotherStateOfTheRound_ReplacesIt()
    {
        await _redis.Checkpoints.Write(Run, _epoch, Sample(7));
        var keys = await Chunks();
        await _redis.Checkpoints.Write(Run, _epoch, Sample(7, salt: 1));
        Assert.Equal(StateDigest.OfState(Sample(7, salt: 1)), StateDigest.OfState((await Latest())!));
        Assert.Equal(keys.Count, (await ChunkKeys()).Count);
    }

    /// <summary>The newest is that of the latest attempt, however few rounds it has.</summary>
    [Fact]
    public async Task LatestReadAndForget_OverSeveralAttempts_GoByAttemptThenRound()
    {
        foreach (var (attempt, round) in ((int, long)[])[(0, 3), (0, 9), (1, 3), (1, 10), (2, 3)])
        {
            await _redis.Checkpoints.Write(Run, _epoch, Sample(round) with { Attempt = attempt });
        }

        Assert.Equal((2, 3L), ((await Latest())!.Attempt, (await Latest())!.Round));
        Assert.Equal(2, (await _redis.Checkpoints.Read(Run, 3)).Attempt);
        Assert.Equal(0, (await _redis.Checkpoints.Read(Run, 3, 0)).Attempt);
        await Assert.ThrowsAsync<InputException>(() => _redis.Checkpoints.Read(Run, 9, 1));

        await _redis.Checkpoints.Forget(Run, _epoch, 1, 3);
        Assert.Equal([(0, 9L), (0, 3L)], (await _redis.Checkpoints.List(Run)).Select(m => (m.Attempt, m.Round)));
        Assert.Equal(await Chunks(), await ChunkKeys());
    }

    [Fact]
    public async Task Prune_OfSeveralCheckpoints_KeepsTheNewestTwoIntactAndTheRollbackPoint()
    {
        foreach (var round in (long[])[1, 2, 3, 4, 5])
        {
            await _redis.Checkpoints.Write(Run, _epoch, Sample(round));
        }

        await _redis.Checkpoints.Prune(Run, _epoch, 3, RedisStores.Points);
        Assert.Equal([5, 4, 3], await Rounds());
        var torn = (await Chunks()).First(k => k.Contains("0-5:", StringComparison.Ordinal));
        await _redis.Database.StringSetAsync(torn, "torn");
        await _redis.Checkpoints.Prune(Run, _epoch, 1, RedisStores.Points);
        Assert.Equal([5, 4, 3], await Rounds());

        foreach (var round in (long[])[6, 7, 8])
        {
            await _redis.Checkpoints.Write(Run, _epoch, Sample(round, scheduled: false));
        }

        await _redis.Checkpoints.Prune(Run, _epoch, 2, RedisStores.Points);
        Assert.Equal([8, 7, 4], (await Rounds()).Where(r => r != 5));
        Assert.Equal(await Chunks(), await ChunkKeys());
    }

    [Fact]
    public async Task Directory_OfAReplacedWriter_PublishesAndDeletesNothing()
    {
        using var folder = new TempHome();
        await using var files = await On(_server, directory: folder.Path);
        await files.Checkpoints.Write(Run, _epoch, Sample(1));
        await files.Checkpoints.Write(Run, _epoch, Sample(2));
        await files.Checkpoints.Write(Run, _epoch, Sample(3));
        Assert.Equal(3, (await files.Checkpoints.Latest(Run, _ => { }))!.Round);
        Assert.Equal("slots of 2"u8.ToArray(), await files.Checkpoints.ReadSlots(Run, 0, 2, 0));

        var next = await files.Fence.Raise(Run, _epoch);
        await Assert.ThrowsAsync<Grains.Stores.StaleEpochException>(
            () => files.Checkpoints.Write(Run, _epoch, Sample(4)));
        await Assert.ThrowsAsync<Grains.Stores.StaleEpochException>(
            () => files.Checkpoints.Prune(Run, _epoch, 2, RedisStores.Points));
        Assert.Equal([3, 2, 1], (await files.Checkpoints.List(Run)).Select(m => m.Round));

        // What the new writer has begun outlives the old one; what the old one has begun goes with the new one's next
        // write.
        var directory = Path.Combine(folder.Path, Run);
        var mine = new CheckpointDirectory(directory, next).Prepare(Sample(5));
        var old = new CheckpointDirectory(directory, _epoch).Prepare(Sample(6));
        Assert.True(Directory.Exists(mine.Partial));
        new CheckpointDirectory(directory, next).Publish(mine);
        Assert.False(Directory.Exists(old.Partial));
        await files.Checkpoints.Prune(Run, next, 2, RedisStores.Points);
        Assert.Equal([5, 3], (await files.Checkpoints.List(Run)).Select(m => m.Round));
        await files.Catalogue.Delete(Run, next);
        Assert.False(Directory.Exists(directory));
    }

    /// <summary>The writer is replaced after its files are written and before they can be found.</summary>
    [Fact]
    public async Task Directory_OfAWriterReplacedInTheMiddle_PublishesNothing()
    {
        using var folder = new TempHome();
        await using var files = await On(_server, directory: folder.Path);
        var written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var replaced = new ManualResetEventSlim();
        files.Faults.Arm(FaultPoint.InCheckpoint, (_, _) =>
        {
            written.SetResult();
            replaced.Wait(Eventually.Limit);
        });
        var write = files.Checkpoints.Write(Run, _epoch, Sample(4));
        await written.Task.Within();
        await files.Fence.Raise(Run, _epoch);
        replaced.Set();
        await Assert.ThrowsAsync<Grains.Stores.StaleEpochException>(() => write);
        Assert.Contains(
            ".partial-", Assert.Single(Directory.GetDirectories(Path.Combine(folder.Path, Run))),
            StringComparison.Ordinal);
        Assert.Empty(await files.Checkpoints.List(Run));
    }

    private Task<Checkpoint?> Latest() => _redis.Checkpoints.Latest(Run, _ => { });

    private async Task<IEnumerable<long>> Rounds() => (await _redis.Checkpoints.List(Run)).Select(m => m.Round);

    /// <summary>Chunks that the set names.</summary>
    private async Task<List<string>> Chunks() =>
        [.. (await _redis.Database.SetMembersAsync(_redis.Keys.Chunks(Run))).Select(k => k.ToString())
            .Order(StringComparer.Ordinal)];

    /// <summary>Chunks that are stored.</summary>
    private async Task<List<string>> ChunkKeys() =>
        [.. (await _redis.Everything()).Keys.Where(k => k.Contains("checkpoint:", StringComparison.Ordinal))];

    private async Task<CheckpointImage> PutContent(Checkpoint checkpoint)
    {
        var image = CheckpointImage.Of(checkpoint);
        foreach (var (file, content) in image.Manifest.Files.Zip(image.Contents))
        {
            foreach (var chunk in CheckpointChunk.Of(
                _redis.Keys.Checkpoint(Run, RedisKeys.At(checkpoint.Attempt, checkpoint.Round)), file))
            {
                await CheckpointScripts.Put.Run(
                    _redis.Calls, _redis.Keys, Run, _epoch, [_redis.Keys.Chunks(Run), chunk.Key],
                    content.Slice(chunk.Offset, chunk.Length));
            }
        }

        return image;
    }
}
