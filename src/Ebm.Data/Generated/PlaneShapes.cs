using Ebm.Core.Datasets;

namespace Ebm.Data.Generated;

/// <summary>Eight Gaussians on a circle of radius 4 with standard deviation 1/2, both divided by 1.414.</summary>
internal sealed class EightGaussians : PlaneShape
{
    private const double Shrink = 1.414, Radius = 4 / Shrink, Deviation = 0.5 / Shrink;

    /// <inheritdoc/>
    public override double Reach => 4.19477653503418;

    /// <inheritdoc/>
    public override int Draw(ref RowDraws draws, Span<double> point)
    {
        var k = draws.Below(8);
        var (sin, cos) = Math.SinCos(Math.Tau * k / 8);
        point[0] = (Radius * cos) + (Deviation * draws.Normal());
        point[1] = (Radius * sin) + (Deviation * draws.Normal());
        return k;
    }

    /// <inheritdoc/>
    public override double ComputeEntropy() =>
        new ProductMixture(Deviation).ComputeEntropy(Radius, [.. Enumerable.Range(0, 8).Select(k =>
        (new[] { (Radius * Math.Cos(Math.Tau * k / 8), 1.0) }, new[] { (Radius * Math.Sin(Math.Tau * k / 8), 1.0) }))]);
}

/// <summary>Two circles of radius 3 and 3/2, with noise of standard deviation 0.24.</summary>
internal sealed class Circles : PlaneShape
{
    private const int Nodes = 512;
    private const double Deviation = 0.24;
    private static readonly double[] Radii = [3, 1.5];

    /// <inheritdoc/>
    public override double Reach => 3.780577898025513;

    /// <inheritdoc/>
    public override int Draw(ref RowDraws draws, Span<double> point)
    {
        var circle = draws.Below(2);
        var (sin, cos) = Math.SinCos(Math.Tau * draws.Uniform());
        point[0] = (Radii[circle] * cos) + (Deviation * draws.Normal());
        point[1] = (Radii[circle] * sin) + (Deviation * draws.Normal());
        return circle;
    }

    /// <inheritdoc/>
    public override double ComputeEntropy() =>
        new ProductMixture(Deviation).ComputeEntropy(Radii[0], [.. Radii.SelectMany(radius =>
        Enumerable.Range(0, Nodes).Select(i => Math.Tau * i / Nodes).Select(angle =>
            (new[] { (radius * Math.Cos(angle), 1.0) }, new[] { (radius * Math.Sin(angle), 1.0) })))]);
}

/// <summary>
/// Two spirals of one and a half turns, each the other's reflection through the origin: the point (-cos n, sin n) n / 3
/// with n = 3 pi sqrt(u), both coordinates shifted by uniform numbers below 1/6, and noise of standard deviation 0.1.
/// </summary>
internal sealed class TwoSpirals : PlaneShape
{
    private const int Nodes = 4096;
    private const double Turns = 3 * Math.PI, Width = 0.5 / 3, Deviation = 0.1;

    /// <summary>Nodes and weights of the Gauss-Legendre rule of five points on [0, 1].</summary>
    private static readonly (double Node, double Weight)[] Rule =
    [
        (0.04691007703066800, 0.11846344252809454), (0.23076534494715845, 0.23931433524968324),
            (0.5, 0.28444444444444444),
        (0.76923465505284155, 0.23931433524968324), (0.95308992296933200, 0.11846344252809454),
    ];

    /// <inheritdoc/>
    public override double Reach => 3.480986093779462;

    /// <inheritdoc/>
    public override int Draw(ref RowDraws draws, Span<double> point)
    {
        var spiral = draws.Below(2);
        var sign = spiral == 0 ? 1 : -1;
        var (x, y) = Middle(draws.Uniform());
        point[0] = (sign * (x + (Width * draws.Uniform()))) + (Deviation * draws.Normal());
        point[1] = (sign * (y + (Width * draws.Uniform()))) + (Deviation * draws.Normal());
        return spiral;
    }

    /// <inheritdoc/>
    public override double ComputeEntropy()
    {
        var components = new List<((double, double)[], (double, double)[])>();
        for (var i = 0; i < Nodes; i++)
        {
            var (x, y) = Middle((i + 0.5) / Nodes);
            components.Add((Spread(x, 1), Spread(y, 1)));
            components.Add((Spread(x, -1), Spread(y, -1)));
        }

        return new ProductMixture(Deviation).ComputeEntropy((Turns / 3) + Width, components);
    }

    private static (double X, double Y) Middle(double u)
    {
        var n = Turns * Math.Sqrt(u);
        var (sin, cos) = Math.SinCos(n);
        return (-cos * n / 3, sin * n / 3);
    }

    private static (double, double)[] Spread(double from, int sign) =>
        [.. Rule.Select(rule => (sign * (from + (Width * rule.Node)), rule.Weight))];
}

/// <summary>
/// Five twisted arms, twice as large as those of Johnson et al. 2016: (a, c) with a ~ N(1, 0.3^2) and c ~ N(0, 0.1^2),
/// rotated clockwise by the arm's angle and by exp(a) / 4.
/// </summary>
internal sealed class TwistedPinwheel : PlaneShape
{
    private const int Arms = 5, Shells = 1500, Angles = 100_000, Bins = 1000;
    private const double Size = 2, Along = 0.3, Across = 0.1, Rate = 0.25, Farthest = 3;

    /// <inheritdoc/>
    public override double Reach => 3.946059500727895;

    /// <inheritdoc/>
    public override int Draw(ref RowDraws draws, Span<double> point)
    {
        var arm = draws.Below(Arms);
        var along = 1 + (Along * draws.Normal());
        var across = Across * draws.Normal();
        var (sin, cos) = Math.SinCos((Math.Tau * arm / Arms) + (Rate * Math.Exp(along)));
        point[0] = Size * ((along * cos) + (across * sin));
        point[1] = Size * ((across * cos) - (along * sin));
        return arm;
    }

    /// <summary>
    /// The twist keeps a point's distance from the origin, so the sum runs shell by shell: each shell's mass is binned
    /// by angle. The arms are equal, so the bins cover one fifth of the circle.
    /// </summary>
    public override double ComputeEntropy()
    {
        const double Shell = Farthest / Shells, Angle = Math.Tau / Angles;
        var entropy = 0.0;
        for (var s = 0; s < Shells; s++)
        {
            var radius = (s + 0.5) * Shell;
            var masses = new double[Bins];
            for (var i = 0; i < Angles; i++)
            {
                var (sin, cos) = Math.SinCos((i + 0.5) * Angle);
                var (a, c) = ((radius * cos - 1) / Along, radius * sin / Across);
                var exponent = -((a * a) + (c * c)) / 2;
                if (exponent > -40)
                {
                    var turn = ((i + 0.5) * Angle) + (Rate * Math.Exp(radius * cos));
                    var place = turn * Arms / Math.Tau;
                    masses[(int)((place - Math.Floor(place)) * Bins)] += Math.Exp(exponent);
                }
            }

            var mass = radius * Shell * Angle / (Math.Tau * Along * Across);
            var area = radius * Shell * Math.Tau / Bins;
            entropy -= masses.Where(m => m > 0).Sum(m => m * mass * Math.Log(m * mass / area));
        }

        return entropy + (2 * Math.Log(Size));
    }
}
