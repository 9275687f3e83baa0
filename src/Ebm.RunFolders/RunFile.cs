using System.Globalization;
using System.Text.RegularExpressions;

namespace Ebm.RunFolders;

/// <summary>Kinds of file that a run writes again and again, one for a round.</summary>
internal enum RunFileKind
{
    /// <summary>An image of samples.</summary>
    SamplesPlot,

    /// <summary>Samples as lines of text.</summary>
    SamplesText,

    /// <summary>The metrics of an evaluation.</summary>
    Evaluation,
}

/// <summary>A file of one round.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Round">The round.</param>
internal sealed partial record RunFile(RunFileKind Kind, long Round)
{
    internal const string SamplesPrefix = "samples-", EvaluationPrefix = "evaluation-", Plot = ".png", Lines = ".txt",
        Figures = ".json";

    /// <summary>Whether it holds samples.</summary>
    public bool IsSamples => Kind is RunFileKind.SamplesPlot or RunFileKind.SamplesText;

    /// <summary>The file of a name; null where the name is not that of a round's file.</summary>
    public static RunFile? Parse(string name) => OfRound().Match(name) is { Success: true } match
        && long.TryParse(match.Groups["round"].ValueSpan, CultureInfo.InvariantCulture, out var round)
        ? new RunFile(KindOf(match.Groups["kind"].Value, Path.GetExtension(name)), round)
        : null;

    private static RunFileKind KindOf(string prefix, string extension) => (prefix, extension) switch
    {
        (EvaluationPrefix, _) => RunFileKind.Evaluation,
        (_, Lines) => RunFileKind.SamplesText,
        _ => RunFileKind.SamplesPlot,
    };

    [GeneratedRegex(
        @"^((?<kind>samples-)(?<round>[0-9]+)\.(png|txt)|(?<kind>evaluation-)(?<round>[0-9]+)\.json)\z",
        RegexOptions.ExplicitCapture)]
    private static partial Regex OfRound();
}
