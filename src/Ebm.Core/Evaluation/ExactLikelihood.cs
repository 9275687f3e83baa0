using Ebm.Core.Energies;
using Ebm.Core.Native;
using static TorchSharp.torch;

namespace Ebm.Core.Evaluation;

/// <summary>
/// Exact log Z and log-likelihood of a binary RBM by enumeration of its smaller side, the other side summed out in closed form:
/// Z = sum_h exp(h.c) prod_i (1 + exp(b_i + (Wh)_i)), and the same with the sides exchanged.
/// </summary>
public static class ExactLikelihood
{
    /// <summary>Units of the smaller side up to which enumeration is offered: 2^24 states.</summary>
    public const int MostUnits = 24;

    private const int BatchBits = 12;

    /// <summary>Whether the RBM is small enough; each class is one enumeration more.</summary>
    public static bool IsPossible(RbmEnergy energy) =>
        Math.Min(energy.Hidden, energy.Space.Features) + (int)Math.Ceiling(Math.Log2(Math.Max(1, energy.Classes))) <= MostUnits;

    /// <summary>log Z in nats, over the smaller side; of an RBM with classes use <see cref="LogZOfClasses"/>.</summary>
    /// <exception cref="EbmException">Both sides have more than <see cref="MostUnits"/> units, or log Z is not finite.</exception>
    public static double LogZ(RbmEnergy energy, Parameters parameters) =>
        energy.Hidden <= energy.Space.Features ? LogZOverHidden(parameters) : LogZOverVisible(parameters);

    /// <summary>log Z(y) in nats of each class y.</summary>
    /// <exception cref="EbmException">As for <see cref="LogZ(RbmEnergy, Parameters)"/>.</exception>
    public static double[] LogZOfClasses(RbmEnergy energy, Parameters parameters)
    {
        using var scope = NewDisposeScope();
        var (weight, overHidden) = (parameters["weight"], energy.Hidden <= energy.Space.Features);
        return
        [
            .. Enumerable.Range(0, energy.Classes).Select(y =>
            {
                var visible = parameters["visible.bias"].Plus(parameters["visible.classes"][y]);
                var hidden = parameters["hidden.bias"].Plus(parameters["hidden.classes"][y]);
                return overHidden ? LogZ(hidden, visible, weight.t()) : LogZ(visible, hidden, weight);
            }),
        ];
    }

    /// <summary>Mean of log p(v) over <paramref name="rows"/> [rows, features], in nats.</summary>
    public static double MeanLogLikelihood(RbmEnergy energy, Parameters parameters, double logZ, Tensor rows)
    {
        using var scope = NewDisposeScope();
        var sum = zeros(1, ScalarType.Float64, rows.device);
        foreach (var batch in rows.split(1 << BatchBits))
        {
            using var inner = NewDisposeScope();
            sum.Increase(energy.Energy(parameters, batch).to_type(ScalarType.Float64).sum());
        }

        return (-sum.item<double>() / rows.shape[0]) - logZ;
    }

    internal static double LogZOverHidden(Parameters parameters)
    {
        using var transposed = parameters["weight"].t();
        return LogZ(parameters["hidden.bias"], parameters["visible.bias"], transposed);
    }

    internal static double LogZOverVisible(Parameters parameters) =>
        LogZ(parameters["visible.bias"], parameters["hidden.bias"], parameters["weight"]);

    /// <summary>Enumerates the side with <paramref name="bias"/> [n]; <paramref name="weight"/> is [n, m].</summary>
    private static double LogZ(Tensor bias, Tensor otherBias, Tensor weight)
    {
        var units = (int)bias.shape[0];
        if (units > MostUnits)
        {
            throw new EbmException(
                $"The exact log-likelihood needs a side of at most {MostUnits} units; the RBM's smaller one has {units}.");
        }

        using var graphless = no_grad();
        using var scope = NewDisposeScope();
        var batch = 1L << Math.Min(units, BatchBits);
        var batches = (1L << units) / batch;
        var logs = zeros([batches], ScalarType.Float64, bias.device);
        for (var i = 0L; i < batches; i++)
        {
            using var inner = NewDisposeScope();
            var states = Bits(i * batch, batch, units, bias);
            var exponents = mv(states, bias)
                .Plus(TorchOps.Softplus(addmm(otherBias, states, weight, beta: 1, alpha: 1)).sum(1, type: ScalarType.Float64));
            logs[i] = exponents.logsumexp(0);
        }

        var logZ = logs.logsumexp(0).item<double>();
        return double.IsFinite(logZ)
            ? logZ
            : throw new EbmException($"log Z is {logZ}: the RBM's parameters are not finite or too large for float32.");
    }

    /// <summary>States number first to first + count - 1, one a row; unit k is bit k of the number.</summary>
    private static Tensor Bits(long first, long count, int units, Tensor like)
    {
        using var scope = NewDisposeScope();
        var numbers = arange(first, first + count, ScalarType.Int64, like.device).unsqueeze(1);
        var shifts = arange(0, units, ScalarType.Int64, like.device);
        return numbers.bitwise_right_shift(shifts).bitwise_and(ones(1, ScalarType.Int64, like.device))
            .to_type(like.dtype).MoveToOuterDisposeScope();
    }
}
