using Ebm.Core.Randomness;
using Ebm.Core.States;
using static TorchSharp.torch;

namespace Ebm.Core.Energies.Pairwise;

/// <summary>
/// How the units of a pairwise energy are encoded, and how they are drawn in their field f, whose law is proportional
/// to exp(f . z). Pure; temporaries belong to the caller's dispose scope.
/// </summary>
internal interface IPairwiseUnits
{
    /// <summary>Kind of unit, and how many categories it has.</summary>
    StateSpace Space(int features, ImageShape? image);

    /// <summary>Numbers that encode a unit.</summary>
    int Width { get; }

    /// <summary>dz/dx: factor from a gradient in the encoding to <see cref="IEnergy.StateGradient"/>.</summary>
    double Slope { get; }

    /// <summary>States [rows, units] as z [rows, units, width].</summary>
    Tensor Encode(Tensor states);

    /// <summary>z as states again.</summary>
    Tensor Decode(Tensor encoded);

    /// <summary>
    /// Draws all units at once, each in its field; [rows, units, width]. <paramref name="field"/> may be overwritten.
    /// </summary>
    Tensor Draw(Tensor field, INoise noise, NoiseSite site);

    /// <summary>
    /// Uniform noise, one number for each of the encoding, as <see cref="Choose"/> takes it; works in place.
    /// </summary>
    Tensor Thresholds(Tensor uniform);

    /// <summary>Draws one unit of many rows: z [width, rows] from field and thresholds [width, rows].</summary>
    Tensor Choose(Tensor field, Tensor thresholds);
}
