using Ebm.Core.Datasets;
using Ebm.Core.Native;
using Ebm.Core.Randomness;
using Ebm.Core.States;
using static TorchSharp.torch;

namespace Ebm.Core.Energies.Bases;

/// <summary>
/// Independent units, each with the frequencies of its values in the training rows. Every value is counted half a time
/// more than it occurs (Krichevsky and Trofimov 1981), so that none is impossible.
/// </summary>
internal sealed class DataMeanBase : IBaseDistribution
{
    private const double Extra = 0.5;

    /// <summary>log p of each value of each unit, [features, values], float64.</summary>
    private readonly ConstantTensor _logs;

    /// <summary>p of the values up to each, [features, values - 1]: what uniform numbers are compared with.</summary>
    private readonly ConstantTensor _cumulative;

    private DataMeanBase(StateSpace space, double[,] probabilities)
    {
        using var scope = NewDisposeScope();
        Space = space;
        var table = tensor(probabilities);
        _logs = new ConstantTensor(table.log());
        _cumulative = new ConstantTensor(table.cumsum(1).narrow(1, 0, table.shape[1] - 1).contiguous());
    }

    /// <inheritdoc/>
    public StateSpace Space { get; }

    /// <summary>log p of each value of each unit, [features, values], float64, on the CPU.</summary>
    public Tensor Table => _logs.On(CPU, ScalarType.Float64);

    /// <summary>
    /// Of binary units log p(1) - log p(0), [features]; of categorical ones log p of each category, [features *
    /// categories].
    /// </summary>
    public float[] LogOdds
    {
        get
        {
            using var scope = NewDisposeScope();
            return [.. StateGradient(zeros(1, Space.Features)).reshape(-1).data<float>()];
        }
    }

    /// <summary>The base of a dataset's training rows.</summary>
    /// <exception cref="InputException">The units are real numbers.</exception>
    public static DataMeanBase Fit(StateSpace space, Dataset data) => space.Units switch
    {
        UnitKind.Binary => OfMeans(space, DatasetStatistics.Of(data).Mean, data.Train.Count),
        UnitKind.Categorical => OfCounts(space, DatasetStatistics.Counts(data, space.Categories), data.Train.Count),
        _ => throw new InputException("energy.base: data-mean is for binary and categorical units; these are real."),
    };

    /// <inheritdoc/>
    public Tensor LogProbability(Tensor states)
    {
        using var graphless = no_grad();
        using var scope = NewDisposeScope();
        var logs = _logs.Like(states);
        if (Space.Units == UnitKind.Binary)
        {
            var (off, on) = (logs.select(1, 0), logs.select(1, 1));
            return mv(states, on - off).Plus(off.sum()).MoveToOuterDisposeScope();
        }

        var index = states.to(ScalarType.Int64).t().contiguous();
        return logs.gather(1, index).sum([0]).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public Tensor StateGradient(Tensor states)
    {
        using var graphless = no_grad();
        using var scope = NewDisposeScope();
        var logs = _logs.Like(states);
        var row = Space.Units == UnitKind.Binary ? logs.select(1, 1) - logs.select(1, 0) : logs.reshape(-1);
        return row.expand(states.shape[0], row.shape[0]).contiguous().MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public Tensor Sample(int count, INoise noise, NoiseSite site, Device device)
    {
        using var graphless = no_grad();
        using var scope = NewDisposeScope();
        var uniform = empty([count, Space.Features], ScalarType.Float32, device);
        noise.FillUniform(uniform, site);
        return InverseTransform.Of(_cumulative.On(device, ScalarType.Float32), uniform).MoveToOuterDisposeScope();
    }

    private static DataMeanBase OfMeans(StateSpace space, float[] means, int rows)
    {
        var table = new double[space.Features, 2];
        for (var i = 0; i < means.Length; i++)
        {
            table[i, 1] = ((means[i] * (double)rows) + Extra) / (rows + (2 * Extra));
            table[i, 0] = 1 - table[i, 1];
        }

        return new DataMeanBase(space, table);
    }

    private static DataMeanBase OfCounts(StateSpace space, int[,] counts, int rows)
    {
        var table = new double[space.Features, space.Categories];
        for (var i = 0; i < space.Features; i++)
        {
            for (var k = 0; k < space.Categories; k++)
            {
                table[i, k] = (counts[i, k] + Extra) / (rows + (space.Categories * Extra));
            }
        }

        return new DataMeanBase(space, table);
    }
}
