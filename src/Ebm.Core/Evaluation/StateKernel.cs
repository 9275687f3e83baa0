using Ebm.Core.Native;
using Ebm.Core.States;
using static TorchSharp.torch;

namespace Ebm.Core.Evaluation;

/// <summary>A positive definite kernel k(x, y) on states, by which sets of them are compared.</summary>
internal abstract class StateKernel
{
    /// <summary>k of each pair of rows: [rows of x, rows of y], float64, on their device.</summary>
    public abstract Tensor Matrix(Tensor x, Tensor y);

    /// <summary>
    /// Real units: Gaussian, its width the median distance of pairs of <paramref name="data"/> [rows, features] (at
    /// least two rows). The width is of the data alone, so that the figures of different samples compare. Other units:
    /// exponential in the share of units that differ.
    /// </summary>
    public static StateKernel For(StateSpace space, Tensor data) => space.Units == UnitKind.Real
        ? new GaussianKernel(GaussianKernel.MedianDistance(data))
        : new HammingKernel(Math.Max(2, space.Categories));
}

/// <summary>
/// exp(-|x - y|^2 / (2 width^2)); NaN for a width of 0, which data have most of whose rows are equal.
/// </summary>
internal sealed class GaussianKernel(double width) : StateKernel
{
    /// <summary>Standard deviation, in the units of the states.</summary>
    public double Width { get; } = width;

    /// <inheritdoc/>
    public override Tensor Matrix(Tensor x, Tensor y)
    {
        using var scope = NewDisposeScope();
        using Scalar factor = -1 / (2 * Width * Width);
        return SquaredDistances(x, y).mul_(factor).exp_().MoveToOuterDisposeScope();
    }

    /// <summary>
    /// The median heuristic (Gretton et al. 2012, section 8): of the distances of all pairs of different rows.
    /// </summary>
    internal static double MedianDistance(Tensor rows)
    {
        using var scope = NewDisposeScope();
        var all = SquaredDistances(rows, rows);
        var pairs = all.masked_select(ones_like(all, ScalarType.Bool).tril(-1));
        return Math.Sqrt(pairs.median().item<double>());
    }

    private static Tensor SquaredDistances(Tensor x, Tensor y)
    {
        using var scope = NewDisposeScope();
        var (a, b) = (x.to_type(ScalarType.Float64), y.to_type(ScalarType.Float64));
        using Scalar zero = 0;
        return addmm(b.Squared().sum(1), a, b.t(), beta: 1, alpha: -2).Increase(a.Squared().sum(1, keepdim: true))
            .clamp_min_(zero).MoveToOuterDisposeScope();
    }
}

/// <summary>
/// exp(-h), h being the share of units in which x and y differ (Grathwohl et al. 2021, "Oops I took a gradient").
/// </summary>
internal sealed class HammingKernel(int categories) : StateKernel
{
    /// <inheritdoc/>
    public override Tensor Matrix(Tensor x, Tensor y)
    {
        using var scope = NewDisposeScope();
        var equal = zeros([x.shape[0], y.shape[0]], ScalarType.Float32, x.device);
        for (var category = 0; category < categories; category++)
        {
            using var inner = NewDisposeScope();
            using Scalar value = category;
            equal.addmm_(
                x.eq(value).to_type(ScalarType.Float32), y.eq(value).to_type(ScalarType.Float32).t(), beta: 1,
                alpha: 1);
        }

        using Scalar share = 1.0 / x.shape[1], one = 1;
        return equal.to_type(ScalarType.Float64).mul_(share).sub_(one).exp_().MoveToOuterDisposeScope();
    }
}
