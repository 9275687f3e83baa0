using Ebm.Core.Native;
using static TorchSharp.torch;

namespace Ebm.Core.Learning;

/// <summary>
/// Sum over blocks of one phase of contrastive divergence: the gradient of the weighted energies, and the sum of the
/// energies. Stays on the device, so adding blocks never waits for it. Owns its tensors, outside any dispose scope.
/// </summary>
internal sealed class PhaseSum : IDisposable
{
    private PhaseSum(Tensor gradient, Tensor energy, IReadOnlyList<Tensor> energies, int rows) =>
        (Gradient, Energy, Energies, Rows) = (gradient, energy, energies, rows);

    /// <summary>Weighted gradient, [parameters], float32.</summary>
    public Tensor Gradient { get; }

    /// <summary>Sum of the energies, [1], float64.</summary>
    public Tensor Energy { get; }

    /// <summary>The energies by block, each [rows of the block], float32.</summary>
    public IReadOnlyList<Tensor> Energies { get; }

    /// <summary>Number of rows in the sum.</summary>
    public int Rows { get; }

    /// <summary>
    /// The sum of one block. Takes ownership of <paramref name="gradient"/>, copies <paramref name="energies"/> [rows].
    /// Optional <paramref name="weights"/> [rows] weight the energies in their sum.
    /// </summary>
    public static PhaseSum Of(Tensor gradient, Tensor energies, Tensor? weights = null) => new(
        gradient.DetachFromDisposeScope(),
        (weights is null ? energies : energies.mul(weights))
            .sum([0L], keepdim: true, type: ScalarType.Float64)
            .DetachFromDisposeScope(),
        [energies.clone().DetachFromDisposeScope()],
        (int)energies.shape[0]);

    /// <summary>
    /// Adds two sums, for <see cref="BlockTree"/>. Consumes both arguments; the left one's memory holds the result.
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
