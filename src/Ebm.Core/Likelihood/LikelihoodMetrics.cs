using System.Globalization;

namespace Ebm.Core.Likelihood;

/// <summary>A bracket as named metrics, for the mean energies of an evaluation, and as text.</summary>
internal static class LikelihoodMetrics
{
    private const string Energy = "energy.", LogLikelihood = "logLikelihood.";

    /// <summary>
    /// The metrics: <c>logZ.lower</c> and <c>.upper</c>; for each part of the data whose <c>energy.</c> is among
    /// <paramref name="metrics"/>, <c>logLikelihood.PART.lower</c> and <c>.upper</c> (nats per row); the estimate of
    /// each direction, its error and its effective samples; <c>ais.nestedRHat</c>; <c>ais.certified</c>, 1 or 0.
    /// </summary>
    public static IEnumerable<KeyValuePair<string, double>> Of(
        LogZBracket bracket, IEnumerable<KeyValuePair<string, double>> metrics) =>
    [
        new("ais.back.effectiveSamples", bracket.Reverse.EffectiveSamples),
        new("ais.back.error", bracket.Reverse.Error),
        new("ais.back.logZ", bracket.FromModel),
        new("ais.certified", bracket.IsCertified ? 1 : 0),
        new("ais.forward.effectiveSamples", bracket.Forward.EffectiveSamples),
        new("ais.forward.error", bracket.Forward.Error),
        new("ais.forward.logZ", bracket.FromBase),
        new("ais.nestedRHat", bracket.Convergence.NestedRHat),
        new("logZ.lower", bracket.Lower),
        new("logZ.upper", bracket.Upper),
        .. from metric in metrics
           where metric.Key.StartsWith(Energy, StringComparison.Ordinal)
           let name = LogLikelihood + metric.Key[Energy.Length..]
           from end in new[] { ("lower", bracket.Upper), ("upper", bracket.Lower) }
           select KeyValuePair.Create($"{name}.{end.Item1}", -metric.Value - end.Item2),
    ];

    /// <summary>
    /// A lower bound of the log-likelihood of a part of the data: the exact value, or the lower end of its bracket; NaN
    /// if there is neither.
    /// </summary>
    public static double AtLeast(IReadOnlyDictionary<string, double> metrics, string part) =>
        metrics.TryGetValue(LogLikelihood + part, out var exact) ? exact
            : metrics.GetValueOrDefault($"{LogLikelihood}{part}.lower", double.NaN);

    /// <summary>
    /// The log-likelihood of every part of the data as text: its value with half the bracket's width, or the bracket if
    /// that is too wide. Then the certificate, or the reasons against it.
    /// </summary>
    public static IReadOnlyList<string> InWords(
        LogZBracket bracket, IEnumerable<KeyValuePair<string, double>> metrics) =>
    [
        .. from metric in metrics
           where metric.Key.StartsWith(Energy, StringComparison.Ordinal)
           let value = InWords(-metric.Value - bracket.Upper, -metric.Value - bracket.Lower)
           select Text($"log-likelihood of the {metric.Key[Energy.Length..]} rows: ") + value,
        bracket.IsCertified
            ? Text($"certified: nested R-hat {bracket.Convergence.NestedRHat:0.####}, ")
                + Text($"effective samples {bracket.Forward.EffectiveSamples:0.#} and ")
                + Text($"{bracket.Reverse.EffectiveSamples:0.#} of {bracket.Forward.Chains}")
            : "not certified: " + string.Join("; ", bracket.FailedChecks),
    ];

    private static string InWords(double lower, double upper) => upper - lower > LogZBracket.LargestWidth
        ? Text($"bracket too wide: [{lower:0.###}, {upper:0.###}]")
        : Text($"{(lower + upper) / 2:0.###} +- {(upper - lower) / 2:0.###} nats");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
