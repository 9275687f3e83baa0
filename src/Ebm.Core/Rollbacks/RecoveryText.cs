using System.Globalization;
using System.Text;
using Ebm.Core.Recovery;
using Ebm.Core.Spec;

namespace Ebm.Core.Rollbacks;

/// <summary>What is said of rollbacks.</summary>
internal static class RecoveryText
{
    /// <summary>The latest one.</summary>
    public static string Of(RunSpec spec, IReadOnlyList<RollbackRecord> rollbacks)
    {
        var (latest, breach) = (rollbacks[^1], rollbacks[^1].Violation);
        var chains = latest.Reinitialised == 0
            ? ""
            : Text($"; {latest.Reinitialised} chains that had run away begin anew");
        return Text($"diverged at round {breach.Round}: {breach}. Back to round {latest.Base} as attempt ")
            + Text($"{latest.Attempt}, with {Changes(spec, rollbacks)}{chains}");
    }

    /// <summary>Why there is not another one.</summary>
    public static string GivenUp(DivergedException broken, RunSpec spec, IReadOnlyList<RollbackRecord> rollbacks)
    {
        var text = new StringBuilder(broken.Message);
        if (spec.Recovery.OnDivergence == OnDivergence.Stop)
        {
            text.Append(" recovery.onDivergence is stop: the run ends here.");
        }
        else if (spec.Recovery.OnDivergence == OnDivergence.Rollback)
        {
            text.Append(Text($" {rollbacks.Count} rollbacks were tried:"));
            for (var i = 1; i <= rollbacks.Count; i++)
            {
                text.Append(' ').Append(Of(spec, [.. rollbacks.Take(i)])).Append('.');
            }

            text.Append(" Change the spec (rate, sampler, penalty); docs/recovery.md says what the limits mean.");
        }

        return text.ToString();
    }

    private static string Changes(RunSpec spec, IReadOnlyList<RollbackRecord> rollbacks)
    {
        var change = RecoveryPolicy.Sampler(rollbacks);
        var rate = RecoveryPolicy.RateShare(spec.Recovery, rollbacks);
        var penalty = RecoveryPolicy.EnergyL2(spec, rollbacks);
        string[] parts =
        [
            .. rate == 1 ? (string[])[] : [Text($"{rate:g3} of the learning rate")],
            .. change.Longer == 0
            ? (string[])[]
            : [Text($"{Times(spec.Recovery.StepsFactor, change.Longer):g6} times the sampler's steps")],
            .. change.Smaller == 0
            ? (string[])[]
            : [Text($"{Times(spec.Recovery.StepSizeFactor, change.Smaller):g3} of its step size")],
            .. penalty == spec.Learning.EnergyL2 ? (string[])[] : [Text($"an energy penalty of {penalty:g3}")],
        ];
        return parts.Length == 0 ? "other random numbers alone" : string.Join(", ", parts);
    }

    private static double Times(double factor, int times) =>
        Enumerable.Repeat(factor, times).Aggregate(1.0, (a, b) => a * b);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
