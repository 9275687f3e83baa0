using Ebm.Core.Energies;
using Ebm.Core.Evaluation;
using Ebm.Core.Native;
using Ebm.Core.Randomness;
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

        var found = Discrepancy.Of(x, y, StateKernel.For(space, y), new RandomKey(1));

        float[][] a = Rows(x), b = Rows(y);
        var width = Median([.. from i in Enumerable.Range(0, 11) from j in Enumerable.Range(0, i) select Distance(b[i], b[j])]);
        double Kernel(float[] s, float[] t) => units == UnitKind.Real
            ? Math.Exp(-Distance(s, t) * Distance(s, t) / (2 * width * width))
            : Math.Exp(-s.Zip(t).Count(pair => pair.First != pair.Second) / 5.0);
        double Within(float[][] rows) => (from i in Enumerable.Range(0, rows.Length) from j in Enumerable.Range(0, rows.Length)
                                          where i != j select Kernel(rows[i], rows[j])).Average();
        var across = (from s in a from t in b select Kernel(s, t)).Average();
        Assert.Equal(Within(a) + Within(b) - (2 * across), found.Squared, 1e-10);
    }

    /// <summary>
    /// 400 comparisons of sets of one law. False alarms: p at or below 0.05 comes 20 times on average, and 1 to 45 times with
    /// probability 1 - 1e-6; the spread of 400 normal values is within 17 % of the true one at 5 standard errors. An error
    /// off by a quarter is found, as is a p-value that is half of what it should be.
    /// </summary>
    [Fact]
    public void Of_SetsOfOneLaw_HasTheErrorAndTheAlarmsItClaims()
    {
        using var scope = NewDisposeScope();
        var found = Enumerable.Range(0, 400).Select(trial =>
        {
            using var inner = NewDisposeScope();
            var (x, y) = (States(UnitKind.Real, 40, 3, 10 + (2 * trial), 0), States(UnitKind.Real, 25, 3, 11 + (2 * trial), 0));
            return Discrepancy.Of(x, y, new GaussianKernel(1.5), new RandomKey((ulong)trial));
        }).ToArray();

        Assert.InRange(found.Count(d => d.PValue <= 0.05), 1, 45);
        Assert.InRange(found.Count(d => d.PValue <= 0.5), 150, 250);
        var spread = Math.Sqrt(found.Average(d => d.Squared * d.Squared));
        Assert.InRange(found.Average(d => d.StandardError) / spread, 0.8, 1.2);
        Assert.InRange(found.Average(d => d.Squared) / spread, -0.25, 0.25);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Of_SetsOfDifferentLaws_TellsThemApart(UnitKind units)
    {
        using var scope = NewDisposeScope();
        var (x, y) = (States(units, 200, 8, 3, 0), States(units, 200, 8, 4, 1));
        var space = new StateSpace(8, units, Categories: units == UnitKind.Categorical ? 3 : 0);

        var found = Discrepancy.Of(x, y, StateKernel.For(space, y), new RandomKey(1));

        Assert.True(found.Squared > 10 * found.StandardError);
        Assert.Equal(0.001, found.PValue, 1e-12);
    }

    [Fact]
    public void Of_DataThatAreAllEqual_IsNoNumber()
    {
        using var scope = NewDisposeScope();
        var found = Discrepancy.Of(ones(4, 2), ones(5, 2), StateKernel.For(new StateSpace(2, UnitKind.Real), ones(5, 2)), new RandomKey(1));

        Assert.True(double.IsNaN(found.Squared) && double.IsNaN(found.StandardError) && double.IsNaN(found.PValue));
    }

    /// <summary>Normal values about <paramref name="shift"/>, cut into categories where units are such.</summary>
    private static Tensor States(UnitKind units, int rows, int features, int key, double shift)
    {
        using var scope = NewDisposeScope();
        using Scalar moved = shift, zero = 0, two = 2;
        var states = zeros(rows, features);
        Noise.On(CPU).AddNormal(states, 1, new NoiseSite(new RandomKey((ulong)key), 0));
        states.add_(moved);
        return (units switch
        {
            UnitKind.Binary => states.gt(zero).to_type(ScalarType.Float32),
            UnitKind.Categorical => states.round().abs().clamp_max(two),
            _ => states,
        }).MoveToOuterDisposeScope();
    }

    private static float[][] Rows(Tensor states) => [.. states.data<float>().ToArray().Chunk((int)states.shape[1])];

    private static double Distance(float[] s, float[] t) => Math.Sqrt(s.Zip(t).Sum(p => Math.Pow(p.First - (double)p.Second, 2)));

    private static double Median(double[] values) => values.Order().ElementAt((values.Length - 1) / 2);
}
