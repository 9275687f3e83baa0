using Ebm.Client.Output;
using Ebm.Core.Diagnostics;

namespace Ebm.Client.Progress;

/// <summary>The figures of a round that are shown, with their names.</summary>
internal static class RoundMetricNames
{
    /// <summary>Those that the round has.</summary>
    public static IReadOnlyList<(string Name, string Value)> Of(RoundMetrics figures)
    {
        var shown = new List<(string, string)>
        {
            ("E data", HumanFormat.Number(figures.EnergyData)),
            ("E negatives", HumanFormat.Number(figures.EnergyNegatives)),
            ("gap", HumanFormat.Number(figures.Gap)),
            ("|gradient|", HumanFormat.Number(figures.GradientNorm)),
        };
        (string Name, double? Value)[] ofKernels =
        [
            ("acceptance", figures.Acceptance),
            ("jump", figures.JumpDistance),
            ("swaps", figures.SwapAcceptance),
            ("|dE/dx|", figures.StateGradientNorm),
        ];
        foreach (var (name, value) in ofKernels)
        {
            if (value is { } known && double.IsFinite(known))
            {
                shown.Add((name, HumanFormat.Number(known)));
            }
        }

        if (figures.RHat is { } rHat)
        {
            shown.Add(("R-hat", double.IsFinite(rHat) ? HumanFormat.Number(rHat) : "stuck"));
        }

        if (figures.EssBulk is { } ess)
        {
            shown.Add(("ESS", HumanFormat.Count(ess)));
        }
        return shown;
    }
}
