using System.ComponentModel;
using Ebm.Core.States;

namespace Ebm.Core.Spec;

/// <summary>
/// A network on rows of characters: each is embedded, layers mix the positions, and one number is the energy.
/// </summary>
public sealed record SequenceSpec : EnergySpec
{
    /// <inheritdoc/>
    public override UnitKind StateUnits() => UnitKind.Categorical;

    /// <inheritdoc/>
    public override (BaseKind Kind, int Order) FixedBase() => (Base, BaseOrder);

    /// <summary>What mixes the positions.</summary>
    [Description("What mixes the positions: convolutions, or attention (with a dense layer after each).")]
    public SequenceLayers Layers { get; init; } = SequenceLayers.Conv;

    /// <summary>Features of a position.</summary>
    [Description("Features of a position, from the embedding on.")]
    [Bounds(1, 1024)]
    public int Width { get; init; } = 64;

    /// <summary>Number of layers.</summary>
    [Description("Number of layers that mix positions.")]
    [Bounds(1, 64)]
    public int Depth { get; init; } = 2;

    /// <summary>Positions that a convolution sees.</summary>
    [Description("With layers: conv, the positions that a convolution sees; an odd number.")]
    [Bounds(1, 63)]
    public int Kernel { get; init; } = 5;

    /// <summary>Attention heads.</summary>
    [Description("With layers: attention, the number of heads; it divides the width.")]
    [Bounds(1, 64)]
    public int Heads { get; init; } = 4;

    /// <summary>Nonlinearity between layers.</summary>
    [Description("Nonlinearity between layers.")]
    public Activation Activation { get; init; } = Activation.Silu;

    /// <summary>What the network is put on top of.</summary>
    [Description("A fixed distribution of the training data under the energy: "
        + "none, the frequencies at each position, or n-grams.")]
    public BaseKind Base { get; init; } = BaseKind.None;

    /// <summary>Order of the n-grams.</summary>
    [Description("With base: ngram, the characters of an n-gram; 3 is trigrams.")]
    [Bounds(2, 8)]
    public int BaseOrder { get; init; } = 3;
}

/// <summary>What mixes the positions of a row.</summary>
public enum SequenceLayers
{
    /// <summary>Convolutions over neighbouring positions.</summary>
    Conv,

    /// <summary>Attention over all positions.</summary>
    Attention,
}

/// <summary>Fixed distributions under an energy: p(x) = p_base(x) exp(-E(x)) / Z.</summary>
public enum BaseKind
{
    /// <summary>None: the energy is the network's.</summary>
    None,

    /// <summary>Independent units with the frequencies of the training rows.</summary>
    DataMean,

    /// <summary>Characters given those before them, by interpolated Kneser-Ney, and the lengths of lines.</summary>
    Ngram,
}
