using System.Globalization;
using Ebm.Core.Learning;
using Ebm.Core.Spec;

namespace Ebm.Core.Evaluation;

/// <summary>Whether a run has reached its target, or makes no more progress.</summary>
internal static class EarlyStopping
{
    /// <summary>The reason to stop, as text; null if the run continues.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="before">Outcomes before, in order.</param>
    /// <param name="now">The newest.</param>
    public static string? Reason(StopSpec rule, IReadOnlyList<EvaluationOutcome> before, EvaluationOutcome now)
    {
        var part = rule.Part.ToString().ToLowerInvariant();
        if (now.AtLeast >= rule.Target)
        {
            return Text($"the log-likelihood of the {part} rows at round {now.Round} is {now.AtLeast:0.####} or more, ")
                + Text($"and the target is {rule.Target}");
        }

        if (rule.Patience is not { } patience)
        {
            return null;
        }

        var (best, since) = (new EvaluationOutcome(0, double.NegativeInfinity), 0);
        foreach (var outcome in before.Append(now))
        {
            (best, since) = outcome.AtLeast > best.AtLeast ? (outcome, 0) : (best, since + 1);
        }

        return since >= patience
            ? Text($"none of {since} evaluations in a row has raised the log-likelihood of the {part} rows above ")
                + Text($"{best.AtLeast:0.####}, which it reached at round {best.Round}")
            : null;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
