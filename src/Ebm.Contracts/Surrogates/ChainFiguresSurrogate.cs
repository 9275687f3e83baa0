using Ebm.Core.Learning;

namespace Ebm.Contracts.Surrogates;

/// <summary>How <see cref="ChainFigures"/> cross a process boundary; Core itself knows no serialiser.</summary>
[GenerateSerializer, Alias("ebm.ChainFigures")]
public struct ChainFiguresSurrogate
{
    [Id(0)]
    public int Chains;

    [Id(1)]
    public double Acceptance;

    [Id(2)]
    public double GradientNorm;

    [Id(3)]
    public int Reinitialised;

    [Id(4)]
    public int NonFinite;
}

/// <summary>Converts both ways.</summary>
[RegisterConverter]
public sealed class ChainFiguresConverter : IConverter<ChainFigures, ChainFiguresSurrogate>
{
    /// <inheritdoc/>
    public ChainFigures ConvertFromSurrogate(in ChainFiguresSurrogate surrogate) => new(
        surrogate.Chains, surrogate.Acceptance, surrogate.GradientNorm, surrogate.Reinitialised, surrogate.NonFinite);

    /// <inheritdoc/>
    public ChainFiguresSurrogate ConvertToSurrogate(in ChainFigures value) => new()
    {
        Chains = value.Chains,
        Acceptance = value.Acceptance,
        GradientNorm = value.GradientNorm,
        Reinitialised = value.Reinitialised,
        NonFinite = value.NonFinite,
    };
}
