using System.ComponentModel;

namespace Ebm.Core.Spec;

/// <summary>Generated 2-D densities as bits, in Gray code: what discrete energies are compared on.</summary>
public sealed record GrayDataSpec : DataSpec
{
    /// <summary>Which density.</summary>
    [Description("Which density the points are drawn from.")]
    public required GrayDensity Density { get; init; }

    /// <summary>Number of rows.</summary>
    [Description("Number of points.")]
    [Bounds(1, 1e8)]
    public int Count { get; init; } = 20000;

    /// <summary>Bits of a row.</summary>
    [Description("Bits of a row, an even number: half of them for each coordinate, a sign and "
        + "its magnitude's Gray code.")]
    [Bounds(4, 32)]
    public int Bits { get; init; } = 32;
}

/// <summary>The densities, with the sizes of the discrete energies' literature.</summary>
public enum GrayDensity
{
    /// <summary>Two spirals.</summary>
    TwoSpirals,

    /// <summary>Eight Gaussians on a circle.</summary>
    EightGaussians,

    /// <summary>Two concentric circles.</summary>
    Circles,

    /// <summary>Five twisted arms.</summary>
    Pinwheel,
}
