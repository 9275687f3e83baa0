using Ebm.Core.Native;
using static TorchSharp.torch;

namespace Ebm.Core.Learning;

/// <summary>
/// One side of contrastive divergence, over one block or over many: the gradient of the weighted energies and the sum of
/// the energies. Lives on the device, so that adding blocks never waits for it. Owns its tensors, outside of any dispose
/// scope.
/// </summary>
public sealed class PhaseSum : IDisposable
{
    private PhaseSum(Tensor gradient, Tensor energy, int rows) => (Gradient, Energy, Rows) = (gradient, energy, rows);

    /// <summary>Weighted gradient, [parameters], float32.</summary>
    public Tensor Gradient { get; }

    /// <summary>Sum of the energies, [1], float64.</summary>
    public Tensor Energy { get; }

    /// <summary>Number of energies summed.</summary>
    public int Rows { get; }

    /// <summary>Of one block: takes ownership of <paramref name="gradient"/>, reads <paramref name="energies"/> [rows].</summary>
    public static PhaseSum Of(Tensor gradient, Tensor energies) => new(
        gradient.DetachFromDisposeScope(),
        energies.sum([0L], keepdim: true, type: ScalarType.Float64).DetachFromDisposeScope(),
        (int)energies.shape[0]);

    /// <summary>
    /// The sum of two, for <see cref="BlockTree"/>: uses up both arguments (the left one's memory holds the result).
    /// </summary>
    public static PhaseSum Add(PhaseSum left, PhaseSum right)
    {
        left.Gradient.Increase(right.Gradient);
        left.Energy.Increase(right.Energy);
        right.Dispose();
        return new PhaseSum(left.Gradient, left.Energy, left.Rows + right.Rows);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Gradient.Dispose();
        Energy.Dispose();
    }
}
