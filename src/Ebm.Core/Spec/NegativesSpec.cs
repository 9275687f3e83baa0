using System.ComponentModel;

namespace Ebm.Core.Spec;

/// <summary>The chains of a run and where they live between rounds.</summary>
public sealed record NegativesSpec
{
    /// <summary>Where a round's chains start.</summary>
    [Description("Where chains start each round: at the data (CD-k), in the replay buffer (PCD), or at noise.")]
    public ChainStart Start { get; init; } = ChainStart.Buffer;

    /// <summary>Negatives a round.</summary>
    [Description("Chains run each round, which is the number of negatives.")]
    [Bounds(1, 1e7)]
    public int Chains { get; init; } = 64;

    /// <summary>Size of the replay buffer; 0 means one slot a chain.</summary>
    [Description("Replay slots that a round draws its chains from; 0 is one for each chain.")]
    [Bounds(0, 1e8)]
    public int Slots { get; init; }

    /// <summary>Probability that a drawn chain starts afresh from noise.</summary>
    [Description("Share of the drawn chains that start afresh each round.")]
    [Bounds(0, 1)]
    public double Reinitialise { get; init; }

    /// <summary>How a slot is stored.</summary>
    [Description("How states are stored and sent: bits, uint8 levels or float32. auto: "
        + "bits for binary units, uint8 for categories, else float32.")]
    public StateEncoding Encoding { get; init; } = StateEncoding.Auto;

    /// <summary>Number of shards; 0 chooses from the number of blocks.</summary>
    [Description("Shards that the chains are divided into, the unit of placement; "
        + "0 is one for each block of 64, at most 8.")]
    [Bounds(0, 65536)]
    public int Shards { get; init; }

    /// <summary>Number of replay slots.</summary>
    internal int SlotCount() => Slots == 0 ? Chains : Slots;

    /// <summary>Whether each round continues the chains of the round before, every one in its own slot.</summary>
    public bool AreSameChains() => Start == ChainStart.Buffer && (Slots == 0 || Slots == Chains) && Reinitialise == 0;
}

/// <summary>Where chains start a round.</summary>
public enum ChainStart
{
    /// <summary>In their replay slots: persistent contrastive divergence.</summary>
    Buffer,

    /// <summary>At the round's data rows: CD-k.</summary>
    Data,

    /// <summary>At noise: uniform in the sampler's range, fair coins, or standard normal.</summary>
    Noise,
}

/// <summary>Encodings of a state at rest and between silos.</summary>
public enum StateEncoding
{
    /// <summary>Chosen from the energy's units.</summary>
    Auto,

    /// <summary>One bit a unit.</summary>
    Bits,

    /// <summary>One byte a unit: 256 levels over the sampler's range, or a category's number.</summary>
    Uint8,

    /// <summary>Four bytes a unit, exact.</summary>
    Float32,
}
