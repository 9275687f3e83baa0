using Ebm.Contracts.Epochs;
using Ebm.Grains.Epochs;
using Ebm.Grains.Tests.Runs;

namespace Ebm.Grains.Tests.Epochs;

public sealed class RoundTimingsTests
{
    private readonly StandingTime _time = new();

    [Fact]
    public void ListRounds_OfRoundsThatOverlap_HasTheirPartsAndShardsInSecondsSinceTheBeginning()
    {
        var clock = new RoundTimings(_time);
        clock.Begin(7);
        _time.Pass(1);
        clock.RecordStage(RoundStage.Wait);
        clock.RecordArrival(8, 0, 0.5, new ShardSeconds(0.25, 0.125));
        _time.Pass(2);
        clock.RecordStage(RoundStage.Update);
        clock.Begin(8);

        var latest = clock.ListRounds();
        Assert.Equal([7, 8], latest.Select(round => round.Round));
        Assert.Equal([new StageTimes(RoundStage.Wait, 0, 1), new StageTimes(RoundStage.Update, 1, 3)], latest[0].Parts);
        Assert.Equal([new ShardTimes(0, 0.5, 1, new ShardSeconds(0.25, 0.125))], latest[1].Shards);
        Assert.Empty(latest[1].Parts);
    }

    [Fact]
    public void ListRounds_OfManyRoundsOfManyShards_IsBounded()
    {
        var clock = new RoundTimings(_time);
        for (var round = 1; round <= 1000; round++)
        {
            clock.Begin(round);
            for (var shard = 0; shard < 200; shard++)
            {
                clock.RecordArrival(round, shard, 0, default);
            }
        }

        Assert.Equal(
            Enumerable.Range(1000 - RoundTimings.Kept + 1, RoundTimings.Kept),
            clock.ListRounds().Select(round => (int)round.Round));
        Assert.All(clock.ListRounds(), round => Assert.Equal(RoundTimings.MostShards, round.Shards.Count));
    }

    /// <summary>
    /// Of a run at work, what the server says adds up: parts follow one another, and shards work while they are asked.
    /// </summary>
    [Fact]
    public async Task View_OfARunAtWork_HasPlacesAndTimesThatAddUp()
    {
        await using var cluster = await TestCluster.Start(2);
        await cluster.Run("a").Submit(
            RunCalls.Submission(Specs.Rbm with { Learning = Specs.Rbm.Learning with { Rounds = 5000 } }));
        await cluster.Run("a").Until(s => s.Round >= 20);
        var view = await cluster.Grains.GetGrain<IParameterServerGrain>("a").View();
        await cluster.Run("a").Stop();

        Assert.All(view.Places, place => Assert.NotEmpty(place));
        var done = view.Rounds.Where(round => round.Parts.Any(part => part.Part == RoundStage.Report)).ToList();
        Assert.True(done.Count > 5, $"{done.Count} rounds");
        foreach (var round in done)
        {
            Assert.All(round.Parts.Zip(round.Parts.Skip(1)), pair => Assert.Equal(pair.First.To, pair.Second.From));
            Assert.Equal(view.Places.Count, round.Shards.Count);
            var waited = round.Parts.Single(part => part.Part == RoundStage.Wait).To;
            Assert.All(round.Shards, shard => Assert.InRange(
                shard.Arrived, shard.Asked + shard.Work.Sample + shard.Work.Commit, waited));
            Assert.All(round.Shards, shard => Assert.True(shard.Work.Sample > 0));
        }
    }

    private sealed class StandingTime : TimeProvider
    {
        private long _now = 5;

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => _now;

        public void Pass(int seconds) => _now += seconds * TimestampFrequency;
    }
}
