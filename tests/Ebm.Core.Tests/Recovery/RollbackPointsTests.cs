using CsCheck;
using Ebm.Core.Checkpoints;
using Ebm.Core.Recovery;

namespace Ebm.Core.Tests.Recovery;

public sealed class RollbackPointsTests
{
    private static Manifest ManifestOf(int attempt, long attemptBase, long round, bool scheduled = true) => new()
    {
        Format = Manifest.CurrentFormat,
        RunId = "run",
        SpecDigest = "",
        DataDigest = "",
        Numerics = "",
        Attempt = attempt,
        AttemptBase = attemptBase,
        Round = round,
        Scheduled = scheduled,
        OptimiserStep = round,
        Shards = 0,
        ParametersSha256 = "",
        StateSha256 = "",
        Files = [],
    };

    private static RollbackRecord Back(int attempt, long to) =>
        new(attempt, to, new LimitViolation(to + 9, ViolationKind.Lead, "", 2, 1), 0);

    [Theory]
    [InlineData(100, 40, 0, 139, 0)]
    [InlineData(100, 40, 0, 140, 100)]
    [InlineData(100, 40, 0, 730, 600)]
    [InlineData(100, 40, 600, 730, 600)]
    [InlineData(100, 40, 600, 740, 700)]
    [InlineData(15, 40, 0, 100, 45)]
    [InlineData(0, 40, 0, 1000, 0)]
    public void Target_OfAViolation_IsTheLatestPointBeforeTheDetectionDelay(
        long every, long proof, long attemptBase, long breach, long expected) =>
        Assert.Equal(expected, new RollbackPoints(every, proof).Target(breach, attemptBase, []));

    [Fact]
    public void Target_WhereTwoAttemptsGotNowhere_IsVersionZero()
    {
        var points = new RollbackPoints(100, 40);
        Assert.Equal(600, points.Target(650, 600, [Back(1, 200), Back(2, 600)]));
        Assert.Equal(0, points.Target(650, 600, [Back(1, 600), Back(2, 600)]));
        Assert.Equal(700, points.Target(750, 600, [Back(1, 600), Back(2, 600)]));
    }

    /// <summary>
    /// Under any sequence of writes, prunes, stops and earlier attempts, the rollback point of a violation exists, any
    /// number of rounds later. Only version 0 needs no checkpoint.
    /// </summary>
    [Fact]
    public void Prune_AtEveryCheckpoint_KeepsTheRollbackPointOfAnyLaterViolation() =>
        (from every in Gen.Long[1, 60]
         from proof in Gen.Long[1, 100]
         from keep in Gen.Int[2, 5]
         from attemptBase in Gen.Long[0, 5]
         from stops in Gen.Long[1, 400].Array[0, 6]
         from attempt in Gen.Int[0, 2]
         select (every, proof, keep, attemptBase: attempt == 0 ? 0 : attemptBase * every, stops, attempt)).Sample(c =>
         {
             var points = new RollbackPoints(c.every, c.proof);
             List<Manifest> stored = c.attempt == 0 ? []
                 : [ManifestOf(c.attempt, c.attemptBase, c.attemptBase),
                     ManifestOf(c.attempt - 1, 0, c.attemptBase + 3 * c.every),
                     ManifestOf(c.attempt - 1, 0, c.attemptBase)];
             for (var round = c.attemptBase + 1; round <= c.attemptBase + 400; round++)
             {
                 var target = points.Target(round, c.attemptBase, []);
                 Assert.True(
                     target == 0 || stored.Exists(m => m.Scheduled && m.Attempt == c.attempt && m.Round == target),
                     $"a breach at {round} goes to {target}; stored are "
                         + $"{string.Join(", ", stored.Select(m => $"{m.Attempt}-{m.Round}"))}");
                 Assert.True(target == c.attemptBase
                     || (points.IsPoint(target) && target <= round - c.proof && target > c.attemptBase));
                 if (round % c.every != 0 && !c.stops.Contains(round))
                 {
                     continue;
                 }

                 stored.Insert(0, ManifestOf(c.attempt, c.attemptBase, round, round % c.every == 0));
                 var retention = new CheckpointRetention(c.keep, points);
                 stored.RemoveAll(m =>
                 {
                     if (retention.Drops(m))
                     {
                         return true;
                     }

                     retention.Keep(m, isIntact: true);
                     return false;
                 });

                 // Points lie at least a detection delay apart, so few are kept beyond the newest.
                 Assert.True(stored.Count <= c.keep + 3, $"{stored.Count} are kept");
             }
         }, iter: 300);
}
