using Ebm.Core.Diagnostics;

namespace Ebm.Contracts.Surrogates;

/// <summary>How <see cref="RoundMetrics"/> cross a process boundary; Core itself knows no serialiser.</summary>
[GenerateSerializer, Alias("ebm.RoundFigures")]
internal struct RoundMetricsSurrogate
{
    [Id(0)]
    public long Round;

    [Id(1)]
    public int Attempt;

    [Id(2)]
    public double EnergyData;

    [Id(3)]
    public double EnergyNegatives;

    [Id(4)]
    public double GradientNorm;

    [Id(5)]
    public double ParameterNorm;

    [Id(6)]
    public double Rate;

    [Id(7)]
    public double? Acceptance;

    [Id(8)]
    public double? StateGradientNorm;

    [Id(9)]
    public int Reinitialised;

    [Id(10)]
    public double? JumpDistance;

    [Id(11)]
    public double? SwapAcceptance;

    [Id(12)]
    public double? RHat;

    [Id(13)]
    public double? EssBulk;

    [Id(14)]
    public double? EssTail;

    [Id(15)]
    public double EnergySpreadData;

    [Id(16)]
    public double EnergySpreadNegatives;

    [Id(17)]
    public int SamplerSteps;

    [Id(18)]
    public double MedianGap;
}

/// <summary>Converts both ways.</summary>
[RegisterConverter]
internal sealed class RoundMetricsConverter : IConverter<RoundMetrics, RoundMetricsSurrogate>
{
    /// <inheritdoc/>
    public RoundMetrics ConvertFromSurrogate(in RoundMetricsSurrogate surrogate) => new()
    {
        Round = surrogate.Round,
        Attempt = surrogate.Attempt,
        EnergyData = surrogate.EnergyData,
        EnergyNegatives = surrogate.EnergyNegatives,
        EnergySpreadData = surrogate.EnergySpreadData,
        EnergySpreadNegatives = surrogate.EnergySpreadNegatives,
        SamplerSteps = surrogate.SamplerSteps,
        MedianGap = surrogate.MedianGap,
        GradientNorm = surrogate.GradientNorm,
        ParameterNorm = surrogate.ParameterNorm,
        Rate = surrogate.Rate,
        Acceptance = surrogate.Acceptance,
        StateGradientNorm = surrogate.StateGradientNorm,
        JumpDistance = surrogate.JumpDistance,
        SwapAcceptance = surrogate.SwapAcceptance,
        Reinitialised = surrogate.Reinitialised,
        RHat = surrogate.RHat,
        EssBulk = surrogate.EssBulk,
        EssTail = surrogate.EssTail,
    };

    /// <inheritdoc/>
    public RoundMetricsSurrogate ConvertToSurrogate(in RoundMetrics value) => new()
    {
        Round = value.Round,
        Attempt = value.Attempt,
        EnergyData = value.EnergyData,
        EnergyNegatives = value.EnergyNegatives,
        EnergySpreadData = value.EnergySpreadData,
        EnergySpreadNegatives = value.EnergySpreadNegatives,
        SamplerSteps = value.SamplerSteps,
        MedianGap = value.MedianGap,
        GradientNorm = value.GradientNorm,
        ParameterNorm = value.ParameterNorm,
        Rate = value.Rate,
        Acceptance = value.Acceptance,
        StateGradientNorm = value.StateGradientNorm,
        JumpDistance = value.JumpDistance,
        SwapAcceptance = value.SwapAcceptance,
        Reinitialised = value.Reinitialised,
        RHat = value.RHat,
        EssBulk = value.EssBulk,
        EssTail = value.EssTail,
    };
}
