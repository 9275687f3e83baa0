namespace Ebm.Core.States;

/// <summary>What values one coordinate of a state takes.</summary>
public enum UnitKind
{
    /// <summary>0 or 1.</summary>
    Binary,

    /// <summary>A real number.</summary>
    Real,

    /// <summary>One of several categories, as its number from 0.</summary>
    Categorical,
}

/// <summary>Height, width and channels of states that are images, stored channel by channel, row by row.</summary>
public readonly record struct ImageShape(int Channels, int Height, int Width)
{
    /// <summary>Numbers in one image.</summary>
    public int Length => Channels * Height * Width;

    /// <inheritdoc/>
    public override string ToString() => $"{Channels}x{Height}x{Width}";
}

/// <summary>The space that an energy is defined on: rows of <paramref name="Features"/> units of one kind.</summary>
/// <param name="Features">Units in a row.</param>
/// <param name="Units">Their kind.</param>
/// <param name="Image">Their shape, where rows are images.</param>
/// <param name="Categories">Values that a categorical unit takes, at most 256; 0 for other kinds.</param>
public sealed record StateSpace(int Features, UnitKind Units, ImageShape? Image = null, int Categories = 0);
