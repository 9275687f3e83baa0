using Ebm.Core.Recovery;
using Ebm.Core.Rounds;

namespace Ebm.Contracts.Surrogates;

/// <summary>How an <see cref="AdvanceOrder"/> crosses a process boundary.</summary>
[GenerateSerializer, Alias("ebm.AdvanceOrder")]
internal struct AdvanceOrderSurrogate
{
    [Id(0)]
    public long Epoch;

    [Id(1)]
    public int Attempt;

    [Id(2)]
    public long Round;

    [Id(3)]
    public long Version;

    [Id(4)]
    public bool Checkpoint;

    [Id(5)]
    public int Longer;

    [Id(6)]
    public int Smaller;
}

/// <summary>Converts both ways.</summary>
[RegisterConverter]
internal sealed class AdvanceOrderConverter : IConverter<AdvanceOrder, AdvanceOrderSurrogate>
{
    /// <inheritdoc/>
    public AdvanceOrder ConvertFromSurrogate(in AdvanceOrderSurrogate surrogate) =>
        new(
            surrogate.Epoch, surrogate.Attempt, surrogate.Round, surrogate.Version, surrogate.Checkpoint,
            new SamplerChange(surrogate.Longer, surrogate.Smaller));

    /// <inheritdoc/>
    public AdvanceOrderSurrogate ConvertToSurrogate(in AdvanceOrder value) => new()
    {
        Epoch = value.Epoch,
        Attempt = value.Attempt,
        Round = value.Round,
        Version = value.Version,
        Checkpoint = value.Checkpoint,
        Longer = value.Change.Longer,
        Smaller = value.Change.Smaller,
    };
}

/// <summary>How a <see cref="RewindOrder"/> crosses a process boundary.</summary>
[GenerateSerializer, Alias("ebm.RewindOrder")]
internal struct RewindOrderSurrogate
{
    [Id(0)]
    public long Epoch;

    [Id(1)]
    public int Attempt;

    [Id(2)]
    public long Round;
}

/// <summary>Converts both ways.</summary>
[RegisterConverter]
internal sealed class RewindOrderConverter : IConverter<RewindOrder, RewindOrderSurrogate>
{
    /// <inheritdoc/>
    public RewindOrder ConvertFromSurrogate(in RewindOrderSurrogate surrogate) =>
        new(surrogate.Epoch, surrogate.Attempt, surrogate.Round);

    /// <inheritdoc/>
    public RewindOrderSurrogate ConvertToSurrogate(in RewindOrder value) =>
        new() { Epoch = value.Epoch, Attempt = value.Attempt, Round = value.Round };
}
