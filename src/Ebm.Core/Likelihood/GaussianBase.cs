using Ebm.Core.Datasets;
using Ebm.Core.Energies.Bases;
using Ebm.Core.Native;
using Ebm.Core.Randomness;
using Ebm.Core.States;
using static TorchSharp.torch;

namespace Ebm.Core.Likelihood;

/// <summary>A base of independent normal units with the means and standard deviations of the training rows.</summary>
internal sealed class GaussianBase : IBaseDistribution
{
    private const int Chunk = 4096;

    /// <summary>
    /// Least standard deviation as a share of the largest: a unit that is constant in the data needs a positive width.
    /// </summary>
    private const double Narrowest = 0.01;

    private readonly ConstantTensor _mean, _deviation, _precision;
    private readonly double _constant;

    private GaussianBase(StateSpace space, Tensor mean, Tensor deviation)
    {
        Space = space;
        using var scope = NewDisposeScope();
        _constant = -deviation.log().sum().item<double>() - (space.Features * Math.Log(2 * Math.PI) / 2);
        (_mean, _deviation, _precision) = (new(mean), new(deviation), new(deviation.Squared().reciprocal_()));
    }

    /// <inheritdoc/>
    public StateSpace Space { get; }

    /// <summary>Fits the base to a dataset's training rows, in float64.</summary>
    public static GaussianBase Fit(StateSpace space, Dataset data)
    {
        using var scope = NewDisposeScope();
        var rows = data.Train;
        var (sum, squares) = (zeros(rows.Features, ScalarType.Float64), zeros(rows.Features, ScalarType.Float64));
        for (var first = 0; first < rows.Count; first += Chunk)
        {
            using var inner = NewDisposeScope();
            long[] indices = [.. Enumerable.Range(first, Math.Min(Chunk, rows.Count - first)).Select(i => (long)i)];
            var values = rows.Gather(indices, CPU).to_type(ScalarType.Float64);
            sum.Increase(values.sum(0));
            squares.Increase(values.Squared().sum(0));
        }

        using Scalar count = rows.Count, narrowest = Narrowest, none = 0.0;
        var mean = sum.div(count);
        var deviation = squares.div(count).sub_(mean.Squared()).clamp_min_(none).sqrt_();
        var largest = deviation.max();
        var least = largest.item<double>() > 0 ? largest.mul(narrowest) : ones_like(largest);
        return new GaussianBase(space, mean, deviation.maximum(least));
    }

    /// <inheritdoc/>
    public Tensor LogProbability(Tensor states)
    {
        using var scope = NewDisposeScope();
        using Scalar half = -0.5, constant = _constant;
        var squares = states.sub(_mean.Like(states)).Squared().mul_(_precision.Like(states));
        return squares.sum(1).mul_(half).Increase(constant).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public Tensor StateGradient(Tensor states)
    {
        using var scope = NewDisposeScope();
        return states.sub(_mean.Like(states)).mul_(_precision.Like(states)).neg_().MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public Tensor Sample(int count, INoise noise, NoiseSite site, Device device)
    {
        using var scope = NewDisposeScope();
        var states = zeros([count, Space.Features], ScalarType.Float32, device);
        noise.AddNormal(states, 1, site);
        return states.mul_(_deviation.Like(states)).Increase(_mean.Like(states)).MoveToOuterDisposeScope();
    }
}
