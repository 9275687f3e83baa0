using CsCheck;
using Ebm.Grains.Placement;

namespace Ebm.Grains.Tests.Placement;

public sealed class SpreadTests
{
    private static readonly Gen<(int[] Lanes, int Shards)> Clusters =
        Gen.Select(Gen.Int[1, 8].Array[1, 8], Gen.Int[1, 60]);

    [Fact]
    public void At_AnyArcOfTheRing_IsEvenOverLanes() => Gen.Select(Clusters, Gen.UInt).Sample((cluster, start) =>
    {
        var silos = cluster.Lanes.Select((lanes, i) => (i, lanes)).ToArray();
        var all = cluster.Lanes.Sum();
        var held = Enumerable.Range(0, cluster.Shards).GroupBy(i => LaneRing.At(silos, (ulong)start + (ulong)i))
            .ToDictionary(g => g.Key, g => g.Count());
        foreach (var (silo, lanes) in silos)
        {
            Assert.InRange(
                held.GetValueOrDefault(silo), cluster.Shards / all * lanes, ((cluster.Shards / all) + 1) * lanes);
        }
    });

    [Fact]
    public void Moves_FromAnywhere_EndWithinOneShardOfEachShareAndMoveNoMoreThanNeeded() =>
        Gen.Select(Clusters, Gen.Int[0, 7].Array[60]).Sample((cluster, places) =>
        {
            var silos = cluster.Lanes.Select((lanes, i) => (i, lanes)).ToArray();
            var before = Enumerable.Range(0, cluster.Shards).ToDictionary(i => i, i => places[i] % silos.Length);
            var after = new Dictionary<int, int>(before);
            var moves = ShardBalance.Moves(before, silos);
            foreach (var (shard, to) in moves)
            {
                Assert.NotEqual(to, after[shard]);
                after[shard] = to;
            }

            double Excess(IReadOnlyDictionary<int, int> held, int silo) =>
                held.Values.Count(s => s == silo)
                    - ((double)cluster.Shards * cluster.Lanes[silo] / cluster.Lanes.Sum());
            var spread = silos.Max(s => Excess(after, s.i)) - silos.Min(s => Excess(after, s.i));
            Assert.InRange(spread, 0, 1 + 1e-6);
            Assert.Equal(moves.Count, moves.Select(m => m.Shard).Distinct().Count());
            Assert.Empty(ShardBalance.Moves(after, silos));
        });

    [Fact]
    public void Moves_WhenASiloJoins_TakeItsShareAndLeaveTheOthersAlone()
    {
        var places = Enumerable.Range(0, 12).ToDictionary(i => i, i => i % 2);
        var moves = ShardBalance.Moves(places, [(0, 1), (1, 1), (2, 1)]);
        Assert.Equal(4, moves.Count);
        Assert.All(moves, m => Assert.Equal(2, m.To));
        Assert.Equal(2, moves.Count(m => places[m.Shard] == 0));
    }

    [Fact]
    public void Moves_OfShardsOnASiloThatIsGone_AreNone() =>
        Assert.Empty(ShardBalance.Moves(new Dictionary<int, int> { [0] = 7, [1] = 7 }, [(0, 1), (1, 1)]));
}
