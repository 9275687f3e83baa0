using System.Runtime.InteropServices;
using Ebm.Core.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Ebm.Core.Energies.TorchScript;

/// <summary>
/// One loaded copy of a module, for one caller at a time: its parameters are views of the flat vector that it was last
/// bound to. In eval mode. What requires no gradient in the file (frozen parameters, buffers) stays as it is there.
/// </summary>
internal sealed class ScriptCopy
{
    private readonly string _path;
    private readonly jit.ScriptModule _module;
    private Parameters? _bound;

    private ScriptCopy(string path, jit.ScriptModule module)
    {
        (_path, _module) = (path, module);
        ScriptTensor[] parameters = [.. module.named_parameters(true).Select(p => Kept(p.name, p.parameter))];
        State = [.. parameters, .. module.named_buffers().Select(b => Kept(b.name, b.buffer))];
        Trained = [.. Distinct(parameters)];
    }

    /// <summary>
    /// The parameters that are trained, in the file's order; one under two names (tied weights) has the first.
    /// </summary>
    public IReadOnlyList<ScriptTensor> Trained { get; }

    /// <summary>All parameters and buffers, none of which a call may change.</summary>
    public IReadOnlyList<ScriptTensor> State { get; }

    /// <summary>
    /// Loads a copy. Some bad files end the process: they were looked at by a <c>ScriptProbe</c> before.
    /// </summary>
    /// <param name="file">The file.</param>
    /// <param name="device">Where it computes.</param>
    /// <param name="type">What it computes in.</param>
    /// <param name="asSaved">Leaves it in the mode that it was saved in.</param>
    /// <exception cref="InputException">libtorch refuses the file.</exception>
    public static ScriptCopy Load(
        ScriptFile file, Device device, ScalarType type = ScalarType.Float32, bool asSaved = false)
    {
        TorchLibrary.EnsureLoaded();
        using var scope = NewDisposeScope();
        try
        {
            var module = jit.load(file.Bytes, device);
            if (!asSaved)
            {
                module.eval();
            }

            if (type != ScalarType.Float32)
            {
                module.to(type);
            }

            return new ScriptCopy(file.Path, module);
        }
        catch (ExternalException e)
        {
            throw EnergyFile.Bad(file.Path, $"libtorch cannot load it: {TorchError.Brief(e)}");
        }
    }

    /// <summary>
    /// What the module gives for <paramref name="x"/>, [rows, ...]; <paramref name="recorded"/> says whether autograd
    /// is to see the parameters.
    /// </summary>
    /// <exception cref="EbmException">It fails.</exception>
    public object? Forward(Tensor x, bool recorded = false)
    {
        foreach (var (_, tensor) in Trained)
        {
            tensor.requires_grad = recorded;
        }

        try
        {
            return _module.forward(x);
        }
        catch (Exception e) when (e is ExternalException or NotImplementedException or ArgumentException)
        {
            throw new EbmException($"the module {_path} failed: {TorchError.Brief(e)}", e);
        }
    }

    /// <summary>Lets the parameters be views of a flat vector; no copy is made.</summary>
    public void Bind(Parameters parameters)
    {
        // The same object is the same memory: parameters are never moved. Older memory is let go of with the next
        // binding.
        if (!ReferenceEquals(parameters, _bound))
        {
            Set(i => parameters[i]);
            _bound = parameters;
        }
    }

    /// <summary>Writes the module with its parameters to a file.</summary>
    public void Save(string path)
    {
        // Tensors of their own: views would be stored with all of the vector that they are parts of.
        using var scope = NewDisposeScope();
        _bound = null;
        Set(i => Trained[i].Tensor.detach().clone());
        foreach (var (_, tensor) in Trained)
        {
            tensor.requires_grad = true;
        }

        jit.save(_module, path);
    }

    private void Set(Func<int, Tensor> value)
    {
        using var graphless = no_grad();
        for (var i = 0; i < Trained.Count; i++)
        {
            var tensor = Trained[i].Tensor;
            tensor.requires_grad = false;
            tensor.set_(value(i));
        }
    }

    private static ScriptTensor Kept(string name, Tensor tensor) => new(name, tensor.DetachFromDisposeScope());

    /// <summary>
    /// Those that require a gradient, each once: a module names a tensor that it uses twice under both names.
    /// </summary>
    private static IEnumerable<ScriptTensor> Distinct(ScriptTensor[] parameters)
    {
        foreach (var parameter in parameters)
        {
            if (parameter.Tensor.requires_grad)
            {
                // The one object behind several names shows in all of them that it was met.
                parameter.Tensor.requires_grad = false;
                yield return parameter;
            }
        }
    }
}

/// <summary>A tensor of a module under its dotted name.</summary>
internal readonly record struct ScriptTensor(string Name, Tensor Tensor);
