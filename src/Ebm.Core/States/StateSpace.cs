namespace Ebm.Core.States;

/// <summary>Kind of values of one coordinate of a state.</summary>
public enum UnitKind
{
    /// <summary>0 or 1.</summary>
    Binary,

    /// <summary>A real number.</summary>
    Real,

    /// <summary>One of several categories, as its index from 0.</summary>
    Categorical,
}

/// <summary>Shape of states that are images, stored by channel, row and column.</summary>
public readonly record struct ImageShape(int Channels, int Height, int Width)
{
    /// <summary>Numbers in an image.</summary>
    public int Length => Channels * Height * Width;

    /// <inheritdoc/>
    public override string ToString() => $"{Channels}x{Height}x{Width}";
}

/// <summary>Domain of an energy: rows of <paramref name="Features"/> units of one kind.</summary>
/// <param name="Features">Units in a row.</param>
/// <param name="Units">Their kind.</param>
/// <param name="Image">Their shape if rows are images.</param>
/// <param name="Categories">Number of categories of a unit, at most 256; 0 for other kinds.</param>
public sealed record StateSpace(int Features, UnitKind Units, ImageShape? Image = null, int Categories = 0);
