using System.Runtime.InteropServices;
using Ebm.Core.Datasets;
using Ebm.Core.Native;
using Ebm.Core.Randomness;
using Ebm.Core.Spec;
using Ebm.Core.States;
using static TorchSharp.torch;

namespace Ebm.Core.Energies.TorchScript;

/// <summary>
/// A module that was saved with torch.jit as an energy: x [rows, features], or [rows, channels, height, width] where
/// rows are images, to float32 [rows] or [rows, 1]. Its parameters lie in the flat vector under their own names; those
/// in the file are the initial ones. Both gradients come from autograd. The module is a constant, its loaded copies are
/// scratch.
/// </summary>
internal sealed class ScriptEnergy : IEnergy
{
    private readonly ScriptCopies _copies;
    private readonly ScriptForm _form;

    private ScriptEnergy(ScriptCopies copies, ScriptForm form, StateSpace space, ParameterLayout layout) =>
        (_copies, _form, Space, Layout) = (copies, form, space, layout);

    /// <inheritdoc/>
    public StateSpace Space { get; }

    /// <inheritdoc/>
    public ParameterLayout Layout { get; }

    /// <summary>SHA-256 (hex) of the module's file.</summary>
    public string FileSha256 => _copies.File.Sha256;

    /// <summary>The shape in which the module takes a row.</summary>
    public IReadOnlyList<long> RowShape => _form.Row;

    /// <summary>The energy on rows of <paramref name="features"/> numbers.</summary>
    /// <exception cref="InputException">The file is not the module of an energy on such rows.</exception>
    public static ScriptEnergy Open(TorchScriptSpec spec, int features, ImageShape? image = null)
    {
        using var scope = NewDisposeScope();
        var file = ScriptFile.Read(spec.Path);
        var copy = ScriptCopy.Load(file, CPU);
        ScriptParameters.Check(spec.Path, copy.Trained);
        var layout = new ParameterLayout([.. copy.Trained.Select(t => (t.Name, t.Tensor.shape))]);
        var form = ScriptForm.Find(copy, spec.Path, features, image);
        return new ScriptEnergy(
            new ScriptCopies(file, copy), form, new StateSpace(features, spec.StateUnits(), image), layout);
    }

    /// <summary>The parameters in the file, whatever the key.</summary>
    public Tensor Initialise(RandomKey key, DataSummary data)
    {
        using var scope = NewDisposeScope();
        var copy = ScriptCopy.Load(_copies.File, CPU);
        return cat([.. copy.Trained.Select(t => t.Tensor.detach().reshape(-1))]).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public Tensor Energy(Parameters parameters, Tensor states)
    {
        using var graphless = no_grad();
        using var scope = NewDisposeScope();
        return _copies.With(parameters, copy => Energies(copy, states).clone()).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public Tensor StateGradient(Parameters parameters, Tensor states)
    {
        var (energies, gradient) = EnergyAndGradient(parameters, states);
        energies.Dispose();
        return gradient;
    }

    /// <inheritdoc/>
    public (Tensor Energies, Tensor Gradient) EnergyAndGradient(Parameters parameters, Tensor states)
    {
        using var graph = enable_grad();
        using var scope = NewDisposeScope();
        var x = states.detach().requires_grad_(true);
        var energies = _copies.With(parameters, copy =>
        {
            var each = Energies(copy, x);
            Backward(each.sum());
            return each.detach().clone();
        });
        return (energies.MoveToOuterDisposeScope(), (x.grad ?? zeros_like(states)).MoveToOuterDisposeScope());
    }

    /// <inheritdoc/>
    public (Tensor Energies, Tensor Gradient) ParameterGradient(
        Parameters parameters, Tensor states, double weight, double l2 = 0)
    {
        using var graph = enable_grad();
        using var scope = NewDisposeScope();
        using Scalar offset = weight, slope = l2;
        return _copies.With(parameters, copy =>
        {
            var energies = Energies(copy, states, recorded: true);
            var loss = l2 == 0
                ? energies.sum().mul(offset)
                : energies.mul(offset).Plus(energies.Squared().mul(slope)).sum();
            Backward(loss);
            var gradient = cat([.. copy.Trained.Select(TakeGradient)]);
            return (energies.detach().clone().MoveToOuterDisposeScope(), gradient.MoveToOuterDisposeScope());
        });
    }

    /// <summary>Rows [rows, features] as the module takes them.</summary>
    internal Tensor Apply(Tensor rows) => _form.Apply(rows);

    /// <summary>Writes the module with these parameters to a file that torch.jit.load reads.</summary>
    public void Save(Parameters parameters, string path)
    {
        using var scope = NewDisposeScope();
        using var host = new Parameters(Layout, parameters.Flat.to(CPU, copy: true));
        var copy = ScriptCopy.Load(_copies.File, CPU);
        copy.Bind(host);
        copy.Save(path);
    }

    /// <summary>
    /// What the module returns, [rows]: perhaps a part of x or of a buffer, so what goes to a caller is a clone.
    /// </summary>
    private Tensor Energies(ScriptCopy copy, Tensor states, bool recorded = false)
    {
        var rows = states.shape[0];
        return copy.Forward(_form.Apply(states), recorded) is Tensor given && ScriptForm.IsEach(given.shape, rows)
            ? given.reshape(rows)
            : throw new EbmException($"the module {_copies.File.Path} did not return one energy for each of "
                + $"{rows} rows; its output must not depend on the values of x in shape or type.");
    }

    private void Backward(Tensor loss)
    {
        // Through backward, whose errors can be caught; those of autograd.grad end the process.
        try
        {
            loss.backward();
        }
        catch (ExternalException e)
        {
            throw new EbmException(
                $"the module {_copies.File.Path} cannot be differentiated: {TorchError.Brief(e)}", e);
        }
    }

    /// <summary>
    /// The gradient of a parameter, flat, 0 where the energy does not depend on it; the copy releases it.
    /// </summary>
    private static Tensor TakeGradient(ScriptTensor parameter)
    {
        var gradient = parameter.Tensor.grad?.reshape(-1) ?? zeros_like(parameter.Tensor).reshape(-1);
        parameter.Tensor.grad = null;
        return gradient;
    }
}
