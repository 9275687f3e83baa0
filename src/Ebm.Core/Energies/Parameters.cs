using static TorchSharp.torch;

namespace Ebm.Core.Energies;

/// <summary>
/// A flat float32 parameter vector with its named views. The views alias <see cref="Flat"/>: an in-place update of the
/// one is seen by the others. Owns its tensors, outside of any dispose scope.
/// </summary>
public sealed class Parameters : IDisposable
{
    private readonly Tensor[] _views;
    private readonly Lock _deriving = new();
    private Tensor[]? _derived;

    /// <summary>Takes ownership of <paramref name="flat"/>, [layout.Length], float32.</summary>
    public Parameters(ParameterLayout layout, Tensor flat, IReadOnlyList<double>? tuning = null)
    {
        Tuning = tuning ?? [];
        if (flat.numel() != layout.Length)
        {
            throw new ArgumentException(
                $"The flat vector has {flat.numel()} elements; the layout needs {layout.Length}.", nameof(flat));
        }

        Layout = layout;
        Flat = flat.DetachFromDisposeScope();
        _views = [.. layout.Entries.Select(e =>
        {
            using var slice = flat.narrow(0, e.Offset, e.Length);
            return slice.view(e.Shape).DetachFromDisposeScope();
        })];
    }

    private Parameters(Parameters shared, Tensor[] leaves)
    {
        (Tuning, Layout, Flat) = (shared.Tuning, shared.Layout, shared.Flat.alias().DetachFromDisposeScope());
        _views = leaves;
    }

    /// <summary>
    /// The same values with views that autograd records: each a leaf that requires a gradient, over the same memory.
    /// The caller disposes of the result.
    /// </summary>
    internal Parameters Leaves() =>
        new(this, [.. _views.Select(v => v.detach().requires_grad_(true).DetachFromDisposeScope())]);

    /// <summary>Names, shapes and offsets.</summary>
    public ParameterLayout Layout { get; }

    /// <summary>All parameters, [layout.Length].</summary>
    public Tensor Flat { get; }

    /// <summary>
    /// What the sampler has adapted by this version, such as its step size; empty where it adapts nothing.
    /// </summary>
    public IReadOnlyList<double> Tuning { get; }

    /// <summary>The view of one tensor; it belongs to this object.</summary>
    public Tensor this[string name] => _views[Layout.IndexOf(name)];

    /// <summary>The view of the tensor at a position of the layout.</summary>
    public Tensor this[int index] => _views[index];

    /// <summary>
    /// What an energy computes of this version before it computes anything else: once, whichever lane comes first. The
    /// tensors belong to this object. From then on the parameters must stay as they are.
    /// </summary>
    internal Tensor[] Derived(Func<Parameters, Tensor[]> compute)
    {
        lock (_deriving)
        {
            return _derived ??= [.. compute(this).Select(t => t.DetachFromDisposeScope())];
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in _views.Concat(_derived ?? []))
        {
            tensor.Dispose();
        }

        Flat.Dispose();
    }
}
