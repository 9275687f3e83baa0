using CsCheck;
using Ebm.Core.Datasets;

namespace Ebm.Core.Tests.Datasets;

public sealed class BatchPlanTests
{
    [Fact]
    public void Indices_OfAnyEpoch_HoldEveryRowOnce() =>
        Gen.Select(Gen.ULong, Gen.Int[0, 3], Gen.Int[1, 60], Gen.Int[1, 70]).Sample(
            (seed, attempt, rows, batch) =>
            {
                var plan = new BatchPlan(seed, attempt, rows, batch);
                var visited = Enumerable.Range(1, (3 * rows / batch) + 1).SelectMany(r => plan.Indices(r)).ToArray();
                for (var epoch = 0; epoch < 3; epoch++)
                {
                    Assert.Equal(
                        Enumerable.Range(0, rows).Select(i => (long)i), visited[(epoch * rows)..][..rows].Order());
                }
            },
            iter: 300);

    [Fact]
    public void Indices_InAnyOrderOfCalls_AreTheSame()
    {
        var forward = new BatchPlan(5, 0, 100, 30);
        var expected = Enumerable.Range(1, 40).Select(r => forward.Indices(r)).ToArray();
        var backward = new BatchPlan(5, 0, 100, 30);

        Parallel.For(0, 40, i => Assert.Equal(expected[39 - i], backward.Indices(40 - i)));
    }

    [Fact]
    public void Indices_OfAnotherSeedAttemptOrEpoch_AreInAnotherOrder()
    {
        var orders = new[]
        {
            new BatchPlan(5, 0, 100, 100).Indices(1), new BatchPlan(5, 0, 100, 100).Indices(2),
            new BatchPlan(5, 1, 100, 100).Indices(1), new BatchPlan(6, 0, 100, 100).Indices(1),
        };

        Assert.Equal(4, orders.Select(o => string.Join(',', o)).Distinct().Count());
    }
}
