using Ebm.Core.Energies;
using Ebm.Core.Energies.Boltzmann;
using Ebm.Core.Native;
using Ebm.Core.States;
using static TorchSharp.torch;

namespace Ebm.Core.Evaluation;

/// <summary>
/// Exact log Z and log-likelihood by enumeration: of an RBM over its smaller side, the other side summed out in closed
/// form, Z = sum_h exp(h.c) prod_i (1 + exp(b_i + (Wh)_i)), and the same with the sides exchanged; of any other energy
/// over all states of its binary or categorical units.
/// </summary>
public static class ExactLikelihood
{
    /// <summary>Binary units up to which enumeration is offered: 2^24 states.</summary>
    public const int MostUnits = 24;

    private const int BatchBits = 12;
    private const long MostStates = 1L << MostUnits, Batch = 1L << BatchBits;

    /// <summary>Whether the model is small enough; each class of an RBM is one enumeration more.</summary>
    public static bool IsPossible(IEnergy energy) => energy is RbmEnergy rbm
        ? Math.Min(rbm.Hidden, rbm.Space.Features) + (int)Math.Ceiling(Math.Log2(Math.Max(1, rbm.Classes))) <= MostUnits
        : energy.Classes == 0 && States(energy.Space) <= MostStates;

    /// <summary>log Z in nats; of an RBM with classes use <see cref="LogZOfClasses"/>.</summary>
    /// <exception cref="EbmException">The model is too large, or log Z is not finite.</exception>
    public static double LogZ(IEnergy energy, Parameters parameters) => energy is not RbmEnergy rbm
        ? LogZOverStates(energy, parameters)
        : rbm.Hidden <= rbm.Space.Features ? LogZOverHidden(parameters) : LogZOverVisible(parameters);

    /// <summary>log Z(y) in nats of each class y.</summary>
    /// <exception cref="EbmException">As for <see cref="LogZ(IEnergy, Parameters)"/>.</exception>
    internal static double[] LogZOfClasses(RbmEnergy energy, Parameters parameters)
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
    public static double MeanLogLikelihood(IEnergy energy, Parameters parameters, double logZ, Tensor rows)
    {
        using var scope = NewDisposeScope();
        var sum = zeros(1, ScalarType.Float64, rows.device);
        foreach (var batch in rows.split(Batch))
        {
            using var inner = NewDisposeScope();
            sum.Increase(energy.Energy(parameters, batch).to_type(ScalarType.Float64).sum());
        }

        return (-sum.item<double>() / rows.shape[0]) - logZ;
    }

    /// <summary>log sum_x exp(-E(x)) over all states.</summary>
    internal static double LogZOverStates(IEnergy energy, Parameters parameters)
    {
        var space = energy.Space;
        if (States(space) is var states && states > MostStates)
        {
            throw new EbmException(
                $"The exact log-likelihood needs at most 2^{MostUnits} states; "
                    + $"{space.Features} units of this energy have more.");
        }

        using var graphless = no_grad();
        using var scope = NewDisposeScope();
        var logs = zeros([((long)states + Batch - 1) / Batch], ScalarType.Float64, parameters.Flat.device);
        for (var i = 0L; i < logs.shape[0]; i++)
        {
            using var inner = NewDisposeScope();
            var rows = Numbers(i * Batch, Math.Min(Batch, (long)states - (i * Batch)), space, parameters.Flat);
            logs[i] = energy.Energy(parameters, rows).to_type(ScalarType.Float64).neg_().logsumexp(0);
        }

        return Finite(logs.logsumexp(0).item<double>());
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
                $"The exact log-likelihood needs a side of at most {MostUnits} units; "
                    + $"the RBM's smaller one has {units}.");
        }

        using var graphless = no_grad();
        using var scope = NewDisposeScope();
        var batch = Math.Min(1L << units, Batch);
        var batches = (1L << units) / batch;
        var logs = zeros([batches], ScalarType.Float64, bias.device);
        for (var i = 0L; i < batches; i++)
        {
            using var inner = NewDisposeScope();
            var states = Numbers(i * batch, batch, new StateSpace(units, UnitKind.Binary), bias);
            var exponents = mv(states, bias)
                .Plus(TorchOps.Softplus(addmm(otherBias, states, weight, beta: 1, alpha: 1)).sum(
                    1, type: ScalarType.Float64));
            logs[i] = exponents.logsumexp(0);
        }

        return Finite(logs.logsumexp(0).item<double>());
    }

    private static double Finite(double logZ) => double.IsFinite(logZ)
        ? logZ
        : throw new EbmException($"log Z is {logZ}: the model's parameters are not finite or too large for float32.");

    /// <summary>Number of states; infinite where units are real.</summary>
    private static double States(StateSpace space) => space.Units switch
    {
        UnitKind.Binary => Math.Pow(2, space.Features),
        UnitKind.Categorical => Math.Pow(space.Categories, space.Features),
        _ => double.PositiveInfinity,
    };

    /// <summary>States number first to first + count - 1, one a row; unit k is digit k of the number.</summary>
    private static Tensor Numbers(long first, long count, StateSpace space, Tensor like)
    {
        using var scope = NewDisposeScope();
        var values = space.Units == UnitKind.Binary ? 2 : space.Categories;
        using Scalar radix = values;
        var places = tensor(
            [.. Enumerable.Range(0, space.Features).Select(k => (long)Math.Pow(values, k))], device: like.device);
        var numbers = Sums.Count(first, first + count, ScalarType.Int64, like.device).unsqueeze(1);
        return numbers.div(places, RoundingMode.floor).remainder(radix).to_type(like.dtype).MoveToOuterDisposeScope();
    }
}
