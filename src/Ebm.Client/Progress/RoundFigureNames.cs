using Ebm.Client.Output;
using Ebm.Core.Learning;

namespace Ebm.Client.Progress;

/// <summary>The figures of a round that are shown, with their names.</summary>
internal static class RoundFigureNames
{
    /// <summary>Those that the round has.</summary>
    public static IReadOnlyList<(string Name, string Value)> Of(RoundFigures figures)
    {
        var shown = new List<(string, string)>
        {
            ("E data", Readable.Figure(figures.EnergyData)),
            ("E negatives", Readable.Figure(figures.EnergyNegatives)),
            ("gap", Readable.Figure(figures.Gap)),
            ("|gradient|", Readable.Figure(figures.GradientNorm)),
        };
        if (figures.Acceptance is { } acceptance && double.IsFinite(acceptance))
        {
            shown.Add(("acceptance", Readable.Figure(acceptance)));
        }

        if (figures.StateGradientNorm is { } norm && double.IsFinite(norm))
        {
            shown.Add(("|dE/dx|", Readable.Figure(norm)));
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
