using System.Globalization;

namespace Ebm.Core.Likelihood;

/// <summary>
/// A bracket of log Z from annealed importance sampling in both directions. In expectation the forward estimate, from
/// the base, is too low and the reverse estimate, from equilibrated chains, is too high. The bracket includes three
/// standard errors on each side.
/// </summary>
/// <param name="BaseLogZ">log Z of the base.</param>
/// <param name="Forward">Log mean weight of the forward runs.</param>
/// <param name="Reverse">Log mean weight of the reverse runs.</param>
/// <param name="Convergence">Convergence of the equilibrated chains.</param>
/// <param name="Method">Path and kernel, as <see cref="ValidatedMethods"/> names them.</param>
public sealed record LogZBracket(
    double BaseLogZ, LogMeanWeight Forward, LogMeanWeight Reverse, ConvergenceCheck Convergence, string Method)
{
    /// <summary>Standard errors added on each side.</summary>
    public const double StandardErrors = 3;

    /// <summary>Width in nats above which the midpoint of a bracket is not reported as a value.</summary>
    public const double LargestWidth = 1;

    /// <summary>Least effective samples; below, the standard error of the weights is unreliable.</summary>
    public const double LeastEffectiveSamples = 10;

    /// <summary>Lower end: the smaller estimate minus its errors, in nats.</summary>
    public double Lower => Math.Min(
        FromBase - (StandardErrors * Forward.Error), FromModel - (StandardErrors * Reverse.Error));

    /// <summary>Upper end: the larger estimate plus its errors, in nats.</summary>
    public double Upper => Math.Max(
        FromModel + (StandardErrors * Reverse.Error), FromBase + (StandardErrors * Forward.Error));

    /// <summary>Width of the bracket in nats.</summary>
    public double Width => Upper - Lower;

    /// <summary>Forward estimate of log Z in nats.</summary>
    public double FromBase => BaseLogZ + Forward.Value;

    /// <summary>Reverse estimate of log Z in nats.</summary>
    public double FromModel => BaseLogZ - Reverse.Value;

    /// <summary>Whether the bracket passes all checks.</summary>
    public bool IsCertified => FailedChecks.Count == 0;

    /// <summary>The failed checks as text.</summary>
    public IReadOnlyList<string> FailedChecks => [.. FindFailedChecks()];

    private IEnumerable<string> FindFailedChecks()
    {
        if (!(Convergence.NestedRHat < ConvergenceCheck.Threshold))
        {
            yield return Text($"the chains at the model have not converged: nested R-hat of {Convergence.Quantity} is ")
                + Text($"{Convergence.NestedRHat:0.####}, expected below {ConvergenceCheck.Threshold}; ")
                + "use more sweeps";
        }

        foreach (var (direction, mean) in new[] { ("forward", Forward), ("reverse", Reverse) })
        {
            if (!(mean.EffectiveSamples >= LeastEffectiveSamples))
            {
                yield return Text($"{mean.EffectiveSamples:0.#} effective samples of {mean.Chains} ")
                    + Text($"{direction} chains, expected {LeastEffectiveSamples} or more; use more temperatures");
            }
        }

        if (FromBase - FromModel > StandardErrors * (Forward.Error + Reverse.Error))
        {
            yield return Text($"the estimates contradict each other: {FromBase:0.###} from below, ")
                + Text($"{FromModel:0.###} from above; the reverse runs did not start at samples of the model");
        }

        if (!ValidatedMethods.All.Contains(Method))
        {
            yield return $"the method ({Method}) is not validated on models of known log Z";
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
