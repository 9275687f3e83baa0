using Ebm.Core.Sampling;

namespace Ebm.Contracts.Surrogates;

/// <summary>How <see cref="ChainMetrics"/> cross a process boundary; Core itself knows no serialiser.</summary>
[GenerateSerializer, Alias("ebm.ChainFigures")]
internal struct ChainMetricsSurrogate
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

    [Id(5)]
    public double JumpDistance;

    [Id(6)]
    public double SwapAcceptance;
}

/// <summary>Converts both ways.</summary>
[RegisterConverter]
internal sealed class ChainMetricsConverter : IConverter<ChainMetrics, ChainMetricsSurrogate>
{
    /// <inheritdoc/>
    public ChainMetrics ConvertFromSurrogate(in ChainMetricsSurrogate surrogate) => new(
        surrogate.Chains,
        surrogate.Acceptance,
        surrogate.GradientNorm,
        surrogate.JumpDistance,
        surrogate.SwapAcceptance,
        surrogate.Reinitialised,
        surrogate.NonFinite);

    /// <inheritdoc/>
    public ChainMetricsSurrogate ConvertToSurrogate(in ChainMetrics value) => new()
    {
        Chains = value.Chains,
        Acceptance = value.Acceptance,
        GradientNorm = value.GradientNorm,
        JumpDistance = value.JumpDistance,
        SwapAcceptance = value.SwapAcceptance,
        Reinitialised = value.Reinitialised,
        NonFinite = value.NonFinite,
    };
}
