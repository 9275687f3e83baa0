using Ebm.Core.Evaluation;
using Ebm.Core.Native;
using Ebm.Core.Randomness;
using Ebm.Core.States;
using TorchSharp;
using static TorchSharp.torch;

namespace Ebm.Core.Tests.Evaluation;

public sealed class DiscrepancyTests
{
    static DiscrepancyTests() => TorchLibrary.EnsureLoaded();

    public static TheoryData<UnitKind> Kinds => [UnitKind.Binary, UnitKind.Real, UnitKind.Categorical];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Of_FewRows_IsTheFormula(UnitKind units)
    {
        using var scope = NewDisposeScope();
        var (x, y) = (States(units, 7, 5, 1, 0), States(units, 11, 5, 2, 0.4));
        var space = new StateSpace(5, units, Categories: units == UnitKind.Categorical ? 3 : 0);

        var found = MaximumMeanDiscrepancy.Of(x, y, StateKernel.For(space, y), new RandomKey(1));

        float[][] a = Rows(x), b = Rows(y);
        var width = Median([.. from i in Enumerable.Range(0, 11) from j in Enumerable.Range(0, i) select Distance(
            b[i], b[j])]);
        double Kernel(float[] s, float[] t) => units == UnitKind.Real
            ? Math.Exp(-Distance(s, t) * Distance(s, t) / (2 * width * width))
            : Math.Exp(-s.Zip(t).Count(pair => pair.First != pair.Second) / 5.0);
        double Within(float[][] rows) =>
            (from i in Enumerable.Range(0, rows.Length) from j in Enumerable.Range(0, rows.Length)
                                          where i != j select Kernel(rows[i], rows[j])).Average();
        var across = (from s in a from t in b select Kernel(s, t)).Average();
        Assert.Equal(Within(a) + Within(b) - (2 * across), found.Squared, 1e-10);
    }

    /// <summary>
    /// 250 comparisons of sets of one distribution. p at or below 0.05 comes 12.5 times on average, and 1 to 32 times
    /// with probability 1 - 3e-6; at or below 0.5 within 40 of 125 times (5 standard errors). The spread of 250 values
    /// is within 25 % of the true one at 5 standard errors: an error off by a third is found, as is a p-value that is
    /// half of what it should be.
    /// </summary>
    [Fact]
    public void Of_SetsOfOneDistribution_HasTheErrorAndTheAlarmsItClaims()
    {
        using var scope = NewDisposeScope();
        var found = Enumerable.Range(0, 250).Select(trial =>
        {
            using var inner = NewDisposeScope();
            var (x, y) = (States(UnitKind.Real, 20, 3, 10 + (2 * trial), 0),
                States(UnitKind.Real, 14, 3, 11 + (2 * trial), 0));
            return MaximumMeanDiscrepancy.Of(x, y, new GaussianKernel(1.5), new RandomKey((ulong)trial));
        }).ToArray();

        Assert.InRange(found.Count(d => d.PValue <= 0.05), 1, 32);
        Assert.InRange(found.Count(d => d.PValue <= 0.5), 85, 165);
        var spread = Math.Sqrt(found.Average(d => d.Squared * d.Squared));
        Assert.InRange(found.Average(d => d.StandardError) / spread, 0.75, 1.25);
        Assert.InRange(found.Average(d => d.Squared) / spread, -0.35, 0.35);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Of_SetsOfDifferentDistributions_DistinguishesThem(UnitKind units)
    {
        using var scope = NewDisposeScope();
        var (x, y) = (States(units, 200, 8, 3, 0), States(units, 200, 8, 4, 1));
        var space = new StateSpace(8, units, Categories: units == UnitKind.Categorical ? 3 : 0);

        var found = MaximumMeanDiscrepancy.Of(x, y, StateKernel.For(space, y), new RandomKey(1));

        Assert.True(found.Squared > 10 * found.StandardError);
        Assert.Equal(0.001, found.PValue, 1e-12);
    }

    [Fact]
    public void Of_DataThatAreAllEqual_IsNoNumber()
    {
        using var scope = NewDisposeScope();
        var found = MaximumMeanDiscrepancy.Of(
            ones(4, 2), ones(5, 2), StateKernel.For(new StateSpace(2, UnitKind.Real), ones(5, 2)), new RandomKey(1));

        Assert.True(double.IsNaN(found.Squared) && double.IsNaN(found.StandardError) && double.IsNaN(found.PValue));
    }

    /// <summary>Normal values about <paramref name="shift"/>, cut into categories where units are such.</summary>
    private static Tensor States(UnitKind units, int rows, int features, int key, double shift)
    {
        using var scope = NewDisposeScope();
        using Scalar moved = shift, zero = 0, two = 2;
        var states = zeros(rows, features);
        NoiseFactory.On(CPU).AddNormal(states, 1, new NoiseSite(new RandomKey((ulong)key), 0));
        states.add_(moved);
        return (units switch
        {
            UnitKind.Binary => states.gt(zero).to_type(ScalarType.Float32),
            UnitKind.Categorical => states.round().abs().clamp_max(two),
            _ => states,
        }).MoveToOuterDisposeScope();
    }

    private static float[][] Rows(Tensor states) => [.. states.data<float>().ToArray().Chunk((int)states.shape[1])];

    private static double Distance(float[] s, float[] t) =>
        Math.Sqrt(s.Zip(t).Sum(p => Math.Pow(p.First - (double)p.Second, 2)));

    private static double Median(double[] values) => values.Order().ElementAt((values.Length - 1) / 2);
}
