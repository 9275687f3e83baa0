using Ebm.Client.Output;
using Ebm.Core.Learning;

namespace Ebm.Client.Progress;

/// <summary>The figures of a round that are shown, with their names.</summary>
internal static class RoundMetricNames
{
    /// <summary>Those that the round has.</summary>
    public static IReadOnlyList<(string Name, string Value)> Of(RoundMetrics figures)
    {
        var shown = new List<(string, string)>
        {
            ("E data", Readable.Figure(figures.EnergyData)),
            ("E negatives", Readable.Figure(figures.EnergyNegatives)),
            ("gap", Readable.Figure(figures.Gap)),
            ("|gradient|", Readable.Figure(figures.GradientNorm)),
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
                shown.Add((name, Readable.Figure(known)));
            }
        }

        if (figures.RHat is { } rHat)
        {
            shown.Add(("R-hat", double.IsFinite(rHat) ? Readable.Figure(rHat) : "stuck"));
        }

        if (figures.EssBulk is { } ess)
        {
            shown.Add(("ESS", Readable.Count(ess)));
        }
        return shown;
    }
}
