using Ebm.Core.Datasets;
using Ebm.Core.Randomness;
using Ebm.Core.Spec;
using Ebm.Core.States;
using static TorchSharp.torch;

namespace Ebm.Core.Energies.Assemblies;

/// <summary>
/// An energy of a user's assembly. Its exceptions become sentences, the shapes of its results are checked, and its
/// temporary tensors end with each call. One instance serves all threads, like every energy.
/// </summary>
internal sealed class AssemblyEnergy : IEnergy
{
    private readonly IEnergy _energy;
    private readonly string _name;

    private AssemblyEnergy(IEnergy energy, string name, string sha256) =>
        (_energy, _name, FileSha256, Space, Layout) = (energy, name, sha256, energy.Space, energy.Layout);

    /// <inheritdoc/>
    public StateSpace Space { get; }

    /// <inheritdoc/>
    public ParameterLayout Layout { get; }

    /// <summary>SHA-256 (hex) of the assembly's file.</summary>
    public string FileSha256 { get; }

    /// <summary>The energy on rows of <paramref name="features"/> units.</summary>
    /// <param name="spec">The energy.</param>
    /// <param name="features">Units in a row.</param>
    /// <param name="image">Their shape if rows are images.</param>
    /// <param name="categories">Categories of the data's units if they are characters.</param>
    /// <exception cref="InputException">The assembly has no such energy, or it does not fit the data.</exception>
    public static AssemblyEnergy Open(
        AssemblyEnergySpec spec, int features, ImageShape? image = null, int categories = 0)
    {
        var file = AssemblyFile.Read(spec.Path);
        var space = new StateSpace(features, spec.Units, image,
            spec.Units == UnitKind.Categorical ? spec.Categories ?? categories : 0);
        var energy = EnergyClass.Create(file, spec, space);
        try
        {
            return energy switch
            {
                { Space: var own } when own != space => throw Bad(spec,
                    $"is defined on {own}; the data are {space}. Return the constructor's StateSpace as Space"),
                { Classes: not 0 } => throw Bad(spec, "has classes; expected an energy E(x) with Classes 0"),
                { Layout: null or { Length: 0 } } => throw Bad(spec, "has no parameters to train; declare one"),
                _ => new AssemblyEnergy(energy, spec.Type, file.Sha256),
            };
        }
        catch (Exception e) when (e is not EbmException)
        {
            throw new InputException($"energy.type: {spec.Type} failed: {EnergyClass.Describe(e)} "
                + "Correct Space, Classes or Layout.", e);
        }
    }

    /// <inheritdoc/>
    public Tensor Initialise(RandomKey key, DataSummary data)
    {
        using var scope = NewDisposeScope();
        var flat = Call(nameof(Initialise), () => _energy.Initialise(key, data));
        return Checked(flat, nameof(Initialise), ScalarType.Float32, Layout.Length).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public Tensor Energy(Parameters parameters, Tensor states)
    {
        using var scope = NewDisposeScope();
        var energies = Call(nameof(Energy), () => _energy.Energy(parameters, states));
        return Checked(energies, nameof(Energy), states.dtype, states.shape[0]).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public Tensor StateGradient(Parameters parameters, Tensor states)
    {
        using var scope = NewDisposeScope();
        var gradient = Call(nameof(StateGradient), () => _energy.StateGradient(parameters, states));
        return CheckedGradient(gradient, nameof(StateGradient), states).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public (Tensor Energies, Tensor Gradient) EnergyAndGradient(Parameters parameters, Tensor states)
    {
        const string Method = nameof(EnergyAndGradient);
        using var scope = NewDisposeScope();
        var (energies, gradient) = Call(Method, () => _energy.EnergyAndGradient(parameters, states));
        return (Checked(energies, Method, states.dtype, states.shape[0]).MoveToOuterDisposeScope(),
            CheckedGradient(gradient, Method, states).MoveToOuterDisposeScope());
    }

    /// <inheritdoc/>
    public (Tensor Energies, Tensor Gradient) ParameterGradient(
        Parameters parameters, Tensor states, double weight, double l2 = 0)
    {
        const string Method = nameof(ParameterGradient);
        using var scope = NewDisposeScope();
        var (energies, gradient) = Call(Method, () => _energy.ParameterGradient(parameters, states, weight, l2));
        return (Checked(energies, Method, states.dtype, states.shape[0]).MoveToOuterDisposeScope(),
            Checked(gradient, Method, parameters.Flat.dtype, Layout.Length).MoveToOuterDisposeScope());
    }

    // A cancellation that the code throws would pass for one of the run's.
    private T Call<T>(string method, Func<T> call)
    {
        try
        {
            return call();
        }
        catch (Exception e) when (e is not EbmException)
        {
            throw new EbmException($"{_name}.{method} failed: {EnergyClass.Describe(e)}", e);
        }
    }

    private Tensor CheckedGradient(Tensor? gradient, string method, Tensor states) =>
        Checked(gradient, method, states.dtype, states.shape[0], Space.Features * Math.Max(1, Space.Categories));

    private Tensor Checked(Tensor? result, string method, ScalarType type, params long[] shape) =>
        result is not null && result.dtype == type && result.shape.SequenceEqual(shape)
            ? result
            : throw new EbmException($"{_name}.{method} returned "
                + (result is null ? "null" : $"{result.dtype} [{string.Join(", ", result.shape)}]")
                + $"; expected {type} [{string.Join(", ", shape)}].");

    private static InputException Bad(AssemblyEnergySpec spec, string what) =>
        new($"energy.type: {spec.Type} of {spec.Path} {what}.");
}
