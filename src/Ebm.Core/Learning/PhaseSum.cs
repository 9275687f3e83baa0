using static TorchSharp.torch;

namespace Ebm.Core.Learning;

/// <summary>
/// One side of contrastive divergence, over one block or over many: the gradient of the weighted energies, and the sums of
/// the energies and of their squares. Lives on the device, so that adding blocks never waits for it. Owns its tensors, outside of any dispose
/// scope.
/// </summary>
public sealed class PhaseSum : IDisposable
{
    private PhaseSum(Tensor gradient, Tensor energies, int rows) => (Gradient, Energies, Rows) = (gradient, energies, rows);

    /// <summary>Weighted gradient, [parameters], float32.</summary>
    public Tensor Gradient { get; }

    /// <summary>Sum of the energies and sum of their squares, [2], float64.</summary>
    public Tensor Energies { get; }

    /// <summary>Number of energies summed.</summary>
    public int Rows { get; }

    /// <summary>Of one block: takes ownership of <paramref name="gradient"/>, reads <paramref name="energies"/> [rows].</summary>
    public static PhaseSum Of(Tensor gradient, Tensor energies)
    {
        using var scope = NewDisposeScope();
        var exact = energies.to(ScalarType.Float64);
        return new PhaseSum(
            gradient.DetachFromDisposeScope(),
            stack([exact.sum(), exact.square().sum()]).DetachFromDisposeScope(),
            (int)energies.shape[0]);
    }

    /// <summary>
    /// The sum of two, for <see cref="BlockTree"/>: uses up both arguments (the left one's memory holds the result).
    /// </summary>
    public static PhaseSum Add(PhaseSum left, PhaseSum right)
    {
        left.Gradient.add_(right.Gradient);
        left.Energies.add_(right.Energies);
        right.Dispose();
        return new PhaseSum(left.Gradient, left.Energies, left.Rows + right.Rows);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Gradient.Dispose();
        Energies.Dispose();
    }
}
