using static TorchSharp.torch;

namespace Ebm.Core.Learning;

/// <summary>
/// State of an optimiser: the number of updates, and named flat float32 tensors of the parameters' length. Owns its
/// tensors, outside any dispose scope.
/// </summary>
internal sealed class OptimiserState : IDisposable
{
    private readonly SortedDictionary<string, Tensor> _tensors = new(StringComparer.Ordinal);

    /// <summary>Takes ownership of the tensors.</summary>
    public OptimiserState(long step, IEnumerable<KeyValuePair<string, Tensor>> tensors)
    {
        Step = step;
        foreach (var (name, value) in tensors)
        {
            _tensors.Add(name, value.DetachFromDisposeScope());
        }
    }

    /// <summary>Number of updates so far.</summary>
    public long Step { get; internal set; }

    /// <summary>The tensors, in ordinal order of their names.</summary>
    public IReadOnlyDictionary<string, Tensor> Tensors => _tensors;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var value in _tensors.Values)
        {
            value.Dispose();
        }
    }
}
