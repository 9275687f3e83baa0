using Ebm.Core.Datasets;
using Ebm.Core.Spec;

namespace Ebm.Data.Generated;

/// <summary>A toy density.</summary>
internal abstract class ToyShape
{
    /// <summary>The shape of a density.</summary>
    public static ToyShape Of(ToyDensity density, int features) => density switch
    {
        ToyDensity.TwoMoons => new TwoMoons(),
        ToyDensity.EightGaussians => ToyMixture.EightGaussians(),
        ToyDensity.Rings => new Rings(),
        ToyDensity.Pinwheel => new Pinwheel(),
        ToyDensity.Mixture => ToyMixture.Correlated(features),
        _ => throw new ArgumentOutOfRangeException(nameof(density), density, "Unknown toy density."),
    };

    /// <summary>
    /// Draws one point with noise of standard deviation <paramref name="noise"/>; returns its component.
    /// </summary>
    public abstract int Draw(ref RowDraws draws, double noise, Span<double> point);
}

/// <summary>
/// Two interleaved half circles (scikit-learn's make_moons), centred and stretched by 4/3 to the range -2 to 2; the
/// noise is added after stretching.
/// </summary>
internal sealed class TwoMoons : ToyShape
{
    /// <inheritdoc/>
    public override int Draw(ref RowDraws draws, double noise, Span<double> point)
    {
        const double Stretch = 4.0 / 3;
        var moon = draws.Below(2);
        var (sin, cos) = Math.SinCos(Math.PI * draws.Uniform());
        var (x, y) = moon == 0 ? (cos, sin) : (1 - cos, 0.5 - sin);
        point[0] = (Stretch * (x - 0.5)) + (noise * draws.Normal());
        point[1] = (Stretch * (y - 0.25)) + (noise * draws.Normal());
        return moon;
    }
}

/// <summary>Four circles around the origin, of radius 1/2, 1, 3/2 and 2, with equal weights.</summary>
internal sealed class Rings : ToyShape
{
    /// <inheritdoc/>
    public override int Draw(ref RowDraws draws, double noise, Span<double> point)
    {
        var ring = draws.Below(4);
        var (sin, cos) = Math.SinCos(Math.Tau * draws.Uniform());
        var radius = (ring + 1) / 2.0;
        point[0] = (radius * cos) + (noise * draws.Normal());
        point[1] = (radius * sin) + (noise * draws.Normal());
        return ring;
    }
}

/// <summary>
/// Five twisted arms (Johnson et al. 2016, "Composing graphical models with neural networks"): a Gaussian at (1, 0)
/// with standard deviations 0.3 along the arm and the noise across it, rotated by the arm's angle and by exp(x) / 4.
/// </summary>
internal sealed class Pinwheel : ToyShape
{
    /// <inheritdoc/>
    public override int Draw(ref RowDraws draws, double noise, Span<double> point)
    {
        const int Arms = 5;
        var arm = draws.Below(Arms);
        var along = 1 + (0.3 * draws.Normal());
        var across = noise * draws.Normal();
        var (sin, cos) = Math.SinCos((Math.Tau * arm / Arms) + (0.25 * Math.Exp(along)));
        point[0] = (along * cos) - (across * sin);
        point[1] = (along * sin) + (across * cos);
        return arm;
    }
}
