using Ebm.Contracts.Runs;

namespace Ebm.Grains.TensorBoard;

/// <summary>The figures of a round as TensorBoard shows them: grouped by what stands before the slash.</summary>
internal static class MetricTags
{
    /// <summary>Each figure's name in the metrics, its tag, and how it is had; null where a round lacks it.</summary>
    internal static IReadOnlyList<(string Name, string Tag, Func<RoundReport, double?> Of)> All { get; } =
    [
        ("energyData", "energy/data", r => r.Figures.EnergyData),
        ("energyNegatives", "energy/negatives", r => r.Figures.EnergyNegatives),
        ("gap", "energy/gap", r => r.Figures.Gap),
        ("medianGap", "energy/medianGap", r => r.Figures.MedianGap),
        ("energySpreadData", "energy/spreadData", r => r.Figures.EnergySpreadData),
        ("energySpreadNegatives", "energy/spreadNegatives", r => r.Figures.EnergySpreadNegatives),
        ("gradientNorm", "learning/gradientNorm", r => r.Figures.GradientNorm),
        ("parameterNorm", "learning/parameterNorm", r => r.Figures.ParameterNorm),
        ("rate", "learning/rate", r => r.Figures.Rate),
        ("attempt", "learning/attempt", r => r.Figures.Attempt),
        ("acceptance", "sampler/acceptance", r => r.Figures.Acceptance),
        ("swapAcceptance", "sampler/swapAcceptance", r => r.Figures.SwapAcceptance),
        ("stateGradientNorm", "sampler/stateGradientNorm", r => r.Figures.StateGradientNorm),
        ("jumpDistance", "sampler/jumpDistance", r => r.Figures.JumpDistance),
        ("samplerSteps", "sampler/steps", r => r.Figures.SamplerSteps),
        ("reinitialised", "sampler/reinitialised", r => r.Figures.Reinitialised),
        ("rHat", "mixing/rHat", r => r.Figures.RHat),
        ("essBulk", "mixing/essBulk", r => r.Figures.EssBulk),
        ("essTail", "mixing/essTail", r => r.Figures.EssTail),
        ("negatives", "speed/negatives", r => r.Negatives),
        ("seconds", "speed/seconds", r => r.Seconds),
    ];

    /// <summary>
    /// The figures that a round has, by tag; with its speed in rounds and in negatives a second, where it took time.
    /// </summary>
    public static IEnumerable<KeyValuePair<string, double>> Of(RoundReport report)
    {
        foreach (var (_, tag, of) in All)
        {
            if (of(report) is { } value)
            {
                yield return new(tag, value);
            }
        }

        if (report.Seconds > 0)
        {
            yield return new("speed/roundsPerSecond", 1 / report.Seconds);
            yield return new("speed/negativesPerSecond", report.Negatives / report.Seconds);
        }
    }
}
