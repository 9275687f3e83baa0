using Ebm.Contracts.Runs;
using Ebm.Core;
using Ebm.Core.Rounds;
using Ebm.Grains.Stores;
using static Ebm.Grains.Tests.Stores.Redis.RedisStores;

namespace Ebm.Grains.Tests.Stores.Redis;

public sealed class RedisJournalTests : IAsyncLifetime
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

    /// <summary>More rounds than are read at once, appended out of step and twice.</summary>
    [Fact]
    public async Task AppendMetrics_Repeated_HasEachRoundOnceAndInOrder()
    {
        RoundReport[] all = [.. Enumerable.Range(1, 5003).Select(r => RedisFencingTests.Report(r))];
        await _redis.Journal.AppendMetrics(Run, _epoch, all);
        await _redis.Journal.AppendMetrics(Run, _epoch, all[4000..]);
        Assert.Equal(all, await _redis.Journal.ReadMetrics(Run));

        // A round that was done again took another time.
        var again = RedisFencingTests.Report(5003, seconds: 9);
        await _redis.Journal.AppendMetrics(Run, _epoch, [again]);
        Assert.Equal([.. all[..^1], again], await _redis.Journal.ReadMetrics(Run));

        await _redis.Journal.CutMetrics(Run, _epoch, 3);
        await _redis.Journal.AppendMetrics(Run, _epoch, [RedisFencingTests.Report(4)]);
        Assert.Equal(all[..4], await _redis.Journal.ReadMetrics(Run));
        await _redis.Journal.CutMetrics(Run, _epoch, 0);
        Assert.Empty(await _redis.Journal.ReadMetrics(Run));
    }

    [Fact]
    public async Task AppendEvents_Repeated_LeavesOutThoseThatAreThere()
    {
        RunEvent[] all = [.. Enumerable.Range(1, 9).Select(n => new RunEvent(n, RunEventKind.Notice, n, $"event {n}"))];
        Assert.Empty(await _redis.Journal.ReadEvents(Run, 5));
        await _redis.Journal.AppendEvents(Run, _epoch, all[..6]);
        await _redis.Journal.AppendEvents(Run, _epoch, [all[4] with { Text = "other" }, .. all[5..]]);
        Assert.Equal(all, await _redis.Journal.ReadEvents(Run, 100));
        Assert.Equal(all[6..], await _redis.Journal.ReadEvents(Run, 3));
        Assert.Empty(await _redis.Journal.ReadEvents(Run, 0));
    }

    [Fact]
    public async Task AppendEvents_WithoutEnd_KeepsTheLatest()
    {
        for (var start = 1; start < 12_000; start += 2000)
        {
            await _redis.Journal.AppendEvents(
                Run, _epoch, [.. Enumerable.Range(start, 2000).Select(n => new RunEvent(n, RunEventKind.Notice, n))]);
        }

        Assert.InRange(await _redis.Database.StreamLengthAsync(_redis.Keys.Events(Run)), 10_000, 10_200);
        Assert.Equal(12_000, (await _redis.Journal.ReadEvents(Run, 1))[0].Number);
    }

    [Fact]
    public async Task WriteArtefact_OfManyImages_KeepsSomeOfAllRounds()
    {
        foreach (var round in Enumerable.Range(1, 100))
        {
            await _redis.Journal.WriteArtefact(
                Run, _epoch, $"samples-{round * 100_000:D6}.png", new byte[] { (byte)round });
        }

        await _redis.Journal.WriteArtefact(Run, _epoch, "curves.png", new byte[] { 1, 0, 255 });
        Assert.Equal(new byte[] { 1, 0, 255 }, await _redis.Journal.ReadArtefact(Run, "curves.png"));
        var kept = await Pictures();
        Assert.Equal((32, 1, 100), (kept.Count, kept[0], kept[^1]));
        Assert.InRange(kept.Zip(kept.Skip(1), (a, b) => b - a).Max(), 1, 8);

        // The run went back to round 600,000 and on from there.
        var before = kept.Where(round => round < 7).ToList();
        await _redis.Journal.WriteArtefact(Run, _epoch, "samples-700000.png", new byte[] { 70 });
        Assert.Equal([.. before, 70], await Pictures());
        Assert.NotNull(await _redis.Journal.ReadArtefact(Run, "curves.png"));
        Assert.Null(await _redis.Journal.ReadArtefact(Run, "energies.png"));
        Assert.Equal(
            ["curves.png", .. before.Select(round => $"samples-{round * 100_000:D6}.png"), "samples-700000.png"],
            (await _redis.Journal.ListArtefacts(Run)).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("../run.json")]
    [InlineData("a/b.png")]
    [InlineData("a\\b.png")]
    [InlineData(".hidden")]
    [InlineData("a\nb")]
    public async Task WriteArtefact_WithANameThatIsAPath_IsRefused(string name)
    {
        await Assert.ThrowsAsync<InputException>(
            () => _redis.Journal.WriteArtefact(Run, _epoch, name, new byte[] { 1 }));
        await Assert.ThrowsAsync<InputException>(() => _redis.Journal.ReadArtefact(Run, name));
    }

    /// <summary>A run whose name begins another's, and a prefix with the pattern's own signs in it.</summary>
    [Fact]
    public async Task MeasureAndDelete_OfOneRun_ConcernThatRunAlone()
    {
        await Fill(Run);
        await Fill("r2");
        Assert.Equal(["r", "r2"], await _redis.Catalogue.Runs());

        var storage = await _redis.Catalogue.Measure(Run);
        var shard = Assert.Single(storage.Shards);
        Assert.Equal(("redis", 0, Slots, Slots * Bytes, 1, 0.25), (
            storage.Where, shard.Shard, (int)shard.Slots, (int)shard.Bytes, (int)shard.Round, shard.Reinitialised));
        Assert.InRange(
            shard.Written, TimeProvider.System.GetUtcNow().AddMinutes(-1),
            TimeProvider.System.GetUtcNow().AddMinutes(1));
        Assert.InRange(storage.Bytes, 1_000_000, 2_000_000);
        Assert.Equal(0, (await _redis.Catalogue.Measure("nothing")).Bytes);

        var others = (await _redis.Everything()).Where(e => e.Key.Contains("{r2}", StringComparison.Ordinal)).ToList();
        await _redis.Catalogue.Delete(Run, _epoch);
        await _redis.Catalogue.Delete(Run, _epoch);
        var left = await _redis.Everything();
        Assert.Equal(
            [_redis.Keys.Fence(Run).ToString()], left.Keys.Where(k => k.Contains("{r}", StringComparison.Ordinal)));
        Assert.Equal(others, left.Where(e => e.Key.Contains("{r2}", StringComparison.Ordinal)));
        Assert.Equal(["r2"], await _redis.Catalogue.Runs());
        Assert.InRange(
            (await _redis.Database.KeyTimeToLiveAsync(_redis.Keys.Fence(Run)))!.Value, TimeSpan.FromHours(23),
            TimeSpan.FromDays(1));

        // Its earlier writers cannot write again; a new submission can.
        Assert.Equal(WriteVerdict.StaleEpoch, await _redis.Replay.Commit(Shard, Commit(_epoch, 2, 1)));
        await Assert.ThrowsAsync<StaleEpochException>(() => _redis.Journal.CutMetrics(Run, _epoch, 0));
        Assert.True(await _redis.Fence.Raise(Run, 1) > _epoch + 1);
        Assert.Null(await _redis.Database.KeyTimeToLiveAsync(_redis.Keys.Fence(Run)));
    }

    private async Task Fill(string run)
    {
        var shard = Shard with { Run = run };
        var epoch = run == Run ? _epoch : await _redis.Fence.Raise(run, 1);
        await _redis.Catalogue.Register(run);
        await _redis.Replay.Rewind(shard, new RewindOrder(epoch, 0, 0), Fresh(), Bytes);
        await _redis.Replay.Commit(shard, Commit(epoch, 1, 3, checkpoint: true));
        await _redis.Checkpoints.Write(run, epoch, Sample(1, size: 1_000_000));
        await _redis.Journal.AppendMetrics(run, epoch, [RedisFencingTests.Report(1)]);
        await _redis.Journal.AppendEvents(run, epoch, [new RunEvent(1, RunEventKind.State, 0, "Running")]);
        await _redis.Journal.WriteArtefact(run, epoch, "curves.png", new byte[] { 1 });
    }

    private async Task<List<int>> Pictures()
    {
        var entries = await _redis.Database.HashGetAllAsync(_redis.Keys.Artefacts(Run));
        return [.. entries.Where(e => e.Name.StartsWith("samples")).Select(e => (int)((byte[])e.Value!)[0]).Order()];
    }
}
