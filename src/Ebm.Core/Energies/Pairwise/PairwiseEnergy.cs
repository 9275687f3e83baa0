using Ebm.Core.Datasets;
using Ebm.Core.Energies.Bases;
using Ebm.Core.Native;
using Ebm.Core.Randomness;
using Ebm.Core.Spec;
using Ebm.Core.States;
using static TorchSharp.torch;

namespace Ebm.Core.Energies.Pairwise;

/// <summary>
/// Units with couplings of pairs and a field of their own (Ising and Potts models, Boltzmann machines without hidden
/// units): E(x) = - sum_pairs z_i J_ij z_j - sum_i h_i z_i, each pair counted once, where z are spins +-1 or one-hot
/// vectors. Parameters: the couplings', then <c>field</c> h [units] or [units, categories]. What is known lies in the
/// same vector and has the gradient 0.
/// </summary>
internal sealed class PairwiseEnergy : IBlockGibbs
{
    private readonly PairwiseSpec _spec;
    private readonly IPairwiseUnits _units;
    private readonly ICouplings _couplings;
    private readonly IPairwiseScan _scan;
    private readonly CouplingsReader? _reader;

    internal PairwiseEnergy(
        PairwiseSpec spec, IPairwiseUnits units, int features, ImageShape? image, CouplingsReader? reader = null)
    {
        (_spec, _units, _reader) = (spec, units, reader);
        if (spec.Lattice is [var height, var width])
        {
            _couplings = new LatticeCouplings(height, width, spec.Boundary);
            _scan = new ColourScan(units, LatticeColours.Masks(height, width, spec.Boundary == Boundary.Torus));
            image ??= new ImageShape(1, height, width);
        }
        else
        {
            _couplings = new DenseCouplings(features, units.Width);
            _scan = new UnitScan(units);
        }

        Space = units.Space(features, image);
        long[] field = units.Width == 1 ? [features] : [features, units.Width];
        Layout = new ParameterLayout([.. _couplings.Layout, ("field", field)]);
    }

    /// <inheritdoc/>
    public StateSpace Space { get; }

    /// <inheritdoc/>
    public ParameterLayout Layout { get; }

    private int FieldIndex => _couplings.Layout.Count;

    /// <summary>Known couplings as they are, couplings to learn 0; the spec's field.</summary>
    /// <exception cref="InputException">The file of known couplings is bad.</exception>
    /// <exception cref="InvalidOperationException">The spec names such a file, and the energy was built without a
    /// reader.</exception>
    public Tensor Initialise(RandomKey key, DataSummary data)
    {
        using var scope = NewDisposeScope();
        var couplings = _spec.Couplings is { } path
            ? [((DenseCouplings)_couplings).Upper(Read(path))]
            : _couplings.Uniform(_spec.Coupling ?? 0);
        var field = Sums.Filled([(long)Space.Features * _units.Width], _spec.Field, ScalarType.Float32);
        return cat([.. couplings.Select(c => c.reshape(-1)), field]).MoveToOuterDisposeScope();
    }

    private Tensor Read(string path) => _reader is null
        ? throw new InvalidOperationException($"{path}: the energy was built without a reader of couplings.")
        : _reader(path, Space.Features, _units.Width);

    /// <summary>The symmetric matrix J of all couplings, [units width, units width].</summary>
    public Tensor CouplingMatrix(Parameters parameters)
    {
        using var graphless = no_grad();
        using var scope = NewDisposeScope();
        var size = Space.Features * _units.Width;
        var each = eye(size, dtype: parameters.Flat.dtype, device: parameters.Flat.device).view(
            size, Space.Features, _units.Width);
        return Field(parameters).Of(each).flatten(1).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public Tensor Energy(Parameters parameters, Tensor states)
    {
        using var graphless = no_grad();
        using var scope = NewDisposeScope();
        var encoded = _units.Encode(states);
        return Energy(parameters, encoded, Field(parameters).Of(encoded)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public Tensor StateGradient(Parameters parameters, Tensor states)
    {
        using var graphless = no_grad();
        using var scope = NewDisposeScope();
        return Gradient(parameters, Field(parameters).Of(_units.Encode(states))).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public (Tensor Energies, Tensor Gradient) EnergyAndGradient(Parameters parameters, Tensor states)
    {
        using var graphless = no_grad();
        using var scope = NewDisposeScope();
        var encoded = _units.Encode(states);
        var field = Field(parameters).Of(encoded);
        var energies = Energy(parameters, encoded, field);
        return (energies.MoveToOuterDisposeScope(), Gradient(parameters, field).MoveToOuterDisposeScope());
    }

    /// <inheritdoc/>
    public (Tensor Energies, Tensor Gradient) ParameterGradient(
        Parameters parameters, Tensor states, double weight, double l2 = 0)
    {
        using var graphless = no_grad();
        using var scope = NewDisposeScope();
        var encoded = _units.Encode(states);
        var energies = Energy(parameters, encoded, Field(parameters).Of(encoded));

        // d/dE of (weight E + l2 E^2), row by row; dE/dJ_ij = -z_i z_j, dE/dh = -z.
        using Scalar slope = 2 * l2, offset = weight;
        var factor = energies.mul(slope).Increase(offset).neg_();
        Tensor[] gradients = [.. _couplings.Gradient(encoded, factor).Select(g => g.reshape(-1)),
            mv(encoded.flatten(1).t(), factor)];
        for (var i = 0; i < gradients.Length; i++)
        {
            if (i < FieldIndex ? !_spec.LearnsCouplings() : !_spec.LearnField)
            {
                gradients[i].zero_();
            }
        }

        return (energies.MoveToOuterDisposeScope(), cat(gradients).MoveToOuterDisposeScope());
    }

    /// <summary>
    /// Resamples every unit once given the others: on a lattice colour after colour (draw k of the site for colour k),
    /// of full connection unit after unit (draw 0).
    /// </summary>
    public Tensor Sweep(Parameters parameters, Tensor visible, INoise noise, NoiseSite site, Tensor? known = null)
    {
        using var graphless = no_grad();
        using var scope = NewDisposeScope();
        var encoded = _units.Encode(visible);
        var swept = _scan.Sweep(Field(parameters), External(parameters), encoded, noise, site, known);
        return _units.Decode(swept).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public IndependentUnits Uncoupled(Dataset data)
    {
        float[] field = [.. DataMeanBase.Fit(Space, data).LogOdds.Select(odds => odds / (float)_units.Slope)];
        var flat = new float[Layout.Length];
        field.CopyTo(flat, (int)Layout.Entries[FieldIndex].Offset);

        // A spin has the values +-h, a category the frequencies themselves.
        return new IndependentUnits(flat, _units.Width > 1
            ? field.Chunk(_units.Width).Sum(unit => Math.Log(unit.Sum(h => Math.Exp(h))))
            : field.Sum(h => Math.Log(Math.Exp(h) + Math.Exp(-h))));
    }

    private ICouplingField Field(Parameters parameters)
    {
        var views = new Tensor[FieldIndex];
        for (var i = 0; i < views.Length; i++)
        {
            views[i] = parameters[i];
        }

        return _couplings.Field(views);
    }

    /// <summary>h, [units, width].</summary>
    private Tensor External(Parameters parameters) => parameters[FieldIndex].view(Space.Features, _units.Width);

    private Tensor Energy(Parameters parameters, Tensor encoded, Tensor field)
    {
        using Scalar half = 0.5;
        return field.mul(half).Increase(External(parameters)).mul_(encoded).flatten(1).sum(1).neg_();
    }

    /// <summary>Overwrites <paramref name="field"/>.</summary>
    private Tensor Gradient(Parameters parameters, Tensor field)
    {
        using Scalar slope = -_units.Slope;
        return field.Increase(External(parameters)).mul_(slope).flatten(1);
    }
}
