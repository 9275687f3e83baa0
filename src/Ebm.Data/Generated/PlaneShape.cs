using Ebm.Core.Datasets;
using Ebm.Core.Spec;
using Ebm.Core.States;

namespace Ebm.Data.Generated;

/// <summary>
/// A density of the plane, a benchmark of discrete energies, with the constants of its reference: inf_train_gen in
/// GFNOrg/EB_GFN (synthetic/synthetic_data.py).
/// </summary>
internal abstract class PlaneShape
{
    /// <summary>The shape of a density.</summary>
    public static PlaneShape Of(GrayDensity density) => density switch
    {
        GrayDensity.TwoSpirals => new TwoSpirals(),
        GrayDensity.EightGaussians => new EightGaussians(),
        GrayDensity.Circles => new Circles(),
        GrayDensity.Pinwheel => new TwistedPinwheel(),
        _ => throw new ArgumentOutOfRangeException(nameof(density), density, "Unknown density."),
    };

    /// <summary>
    /// The largest absolute coordinate of the 5,000 points that define the reference's grid (NumPy's RandomState(1)).
    /// </summary>
    public abstract double Reach { get; }

    /// <summary>Draws one point; returns its component.</summary>
    public abstract int Draw(ref RowDraws draws, Span<double> point);

    /// <summary>Differential entropy, nats, by quadrature; error below 1e-4.</summary>
    public abstract double ComputeEntropy();

    /// <summary>
    /// The reference's grid: 2^(bits / 2 - 1) cells from the origin to one unit beyond the largest coordinate plus 1.
    /// </summary>
    public GrayCode CreateCode(int bits) => new(bits, (1 << ((bits / 2) - 1)) / (Reach + 2));
}
