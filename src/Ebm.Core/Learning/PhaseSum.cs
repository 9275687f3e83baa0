using Ebm.Core.Native;
using static TorchSharp.torch;

namespace Ebm.Core.Learning;

/// <summary>
/// One side of contrastive divergence, over one block or over many: the gradient of the weighted energies and the sum
/// of the energies. Lives on the device, so that adding blocks never waits for it. Owns its tensors, outside of any
/// dispose scope.
/// </summary>
public sealed class PhaseSum : IDisposable
{
    private PhaseSum(Tensor gradient, Tensor energy, IReadOnlyList<Tensor> energies, int rows) =>
        (Gradient, Energy, Energies, Rows) = (gradient, energy, energies, rows);

    /// <summary>Weighted gradient, [parameters], float32.</summary>
    public Tensor Gradient { get; }

    /// <summary>Sum of the energies, [1], float64.</summary>
    public Tensor Energy { get; }

    /// <summary>The energies themselves, of each block in order; [rows of the block], float32.</summary>
    public IReadOnlyList<Tensor> Energies { get; }

    /// <summary>Number of energies summed.</summary>
    public int Rows { get; }

    /// <summary>
    /// Of one block: takes ownership of <paramref name="gradient"/>, copies <paramref name="energies"/> [rows]; in
    /// their sum each counts by its weight, where there are <paramref name="weights"/> [rows].
    /// </summary>
    public static PhaseSum Of(Tensor gradient, Tensor energies, Tensor? weights = null) => new(
        gradient.DetachFromDisposeScope(),
        (weights is null ? energies : energies.mul(weights)).sum([0L], keepdim: true, type: ScalarType.Float64)
            .DetachFromDisposeScope(),
        [energies.clone().DetachFromDisposeScope()],
        (int)energies.shape[0]);

    /// <summary>
    /// The sum of two, for <see cref="BlockTree"/>: uses up both arguments (the left one's memory holds the result).
    /// </summary>
    public static PhaseSum Add(PhaseSum left, PhaseSum right)
    {
        left.Gradient.Increase(right.Gradient);
        left.Energy.Increase(right.Energy);
        right.Gradient.Dispose();
        right.Energy.Dispose();
        return new PhaseSum(left.Gradient, left.Energy, [.. left.Energies, .. right.Energies], left.Rows + right.Rows);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Gradient.Dispose();
        Energy.Dispose();
        foreach (var block in Energies)
        {
            block.Dispose();
        }
    }
}
