using System.Globalization;

namespace Ebm.Core.Likelihood;

/// <summary>A bracket as figures by name, beside the mean energies of an evaluation, and in words.</summary>
public static class LikelihoodMetrics
{
    private const string Energy = "energy.", LogLikelihood = "logLikelihood.";

    /// <summary>
    /// The figures: <c>logZ.lower</c> and <c>.upper</c>; for each part of the data whose <c>energy.</c> is among
    /// <paramref name="figures"/>, <c>logLikelihood.PART.lower</c> and <c>.upper</c> (nats a row); what each direction
    /// gave, its error and its effective samples; <c>ais.nestedRHat</c>; <c>ais.certified</c>, 1 or 0.
    /// </summary>
    public static IEnumerable<KeyValuePair<string, double>> Of(
        LogZBracket bracket, IEnumerable<KeyValuePair<string, double>> figures) =>
    [
        new("ais.back.effectiveSamples", bracket.Back.EffectiveSamples),
        new("ais.back.error", bracket.Back.Error),
        new("ais.back.logZ", bracket.FromModel),
        new("ais.certified", bracket.IsCertified ? 1 : 0),
        new("ais.forward.effectiveSamples", bracket.Forward.EffectiveSamples),
        new("ais.forward.error", bracket.Forward.Error),
        new("ais.forward.logZ", bracket.FromBase),
        new("ais.nestedRHat", bracket.Agreement.NestedRHat),
        new("logZ.lower", bracket.Lower),
        new("logZ.upper", bracket.Upper),
        .. from figure in figures
           where figure.Key.StartsWith(Energy, StringComparison.Ordinal)
           let name = LogLikelihood + figure.Key[Energy.Length..]
           from end in new[] { ("lower", bracket.Upper), ("upper", bracket.Lower) }
           select KeyValuePair.Create($"{name}.{end.Item1}", -figure.Value - end.Item2),
    ];

    /// <summary>
    /// What is known of the log-likelihood of a part of the data from below: exactly, or the lower end of its bracket;
    /// NaN if nothing.
    /// </summary>
    public static double AtLeast(IReadOnlyDictionary<string, double> figures, string part) =>
        figures.TryGetValue(LogLikelihood + part, out var exact) ? exact
            : figures.GetValueOrDefault($"{LogLikelihood}{part}.lower", double.NaN);

    /// <summary>
    /// Whether the bracket is certified, or why not; and of every part of the data its log-likelihood: a number and
    /// half the bracket's width, or the bracket where that is too wide to stand for one.
    /// </summary>
    public static IReadOnlyList<string> InWords(
        LogZBracket bracket, IEnumerable<KeyValuePair<string, double>> figures) =>
    [
        .. from figure in figures
           where figure.Key.StartsWith(Energy, StringComparison.Ordinal)
           select Text($"log-likelihood of the {figure.Key[Energy.Length..]} rows: ")
               + InWords(-figure.Value - bracket.Upper, -figure.Value - bracket.Lower),
        bracket.IsCertified
            ? Text($"certified: nested R-hat {bracket.Agreement.NestedRHat:0.####}, effective samples ")
                + Text($"{bracket.Forward.EffectiveSamples:0.#} and {bracket.Back.EffectiveSamples:0.#} of ")
                + Text($"{bracket.Forward.Chains}")
            : "not certified: " + string.Join("; ", bracket.Doubts),
    ];

    private static string InWords(double lower, double upper) => upper - lower > LogZBracket.Widest
        ? Text($"bracket too wide: [{lower:0.###}, {upper:0.###}]")
        : Text($"{(lower + upper) / 2:0.###} +- {(upper - lower) / 2:0.###} nats");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
