using System.Globalization;

namespace Ebm.Core.Likelihood;

/// <summary>
/// A bracket of log Z from annealed importance sampling in both directions. In expectation the forward estimate, from
/// the base, is too low and the reverse estimate, from equilibrated chains, is too high. The bracket includes three
/// standard errors on each side.
/// </summary>
/// <param name="BaseLogZ">log Z of the base.</param>
/// <param name="Forward">Log mean weight of the forward runs.</param>
/// <param name="Back">Log mean weight of the reverse runs.</param>
/// <param name="Agreement">Convergence of the equilibrated chains.</param>
/// <param name="Method">Path and kernel, as <see cref="ValidatedMethods"/> names them.</param>
public sealed record LogZBracket(
    double BaseLogZ, LogMeanWeight Forward, LogMeanWeight Back, ConvergenceCheck Agreement, string Method)
{
    /// <summary>Standard errors added on each side.</summary>
    public const double Errors = 3;

    /// <summary>Width in nats above which the midpoint of a bracket is not reported as a value.</summary>
    public const double Widest = 1;

    /// <summary>Least effective samples; below, the standard error of the weights is unreliable.</summary>
    public const double FewestEffective = 10;

    /// <summary>Lower end: the smaller estimate minus its errors, in nats.</summary>
    public double Lower => Math.Min(FromBase - (Errors * Forward.Error), FromModel - (Errors * Back.Error));

    /// <summary>Upper end: the larger estimate plus its errors, in nats.</summary>
    public double Upper => Math.Max(FromModel + (Errors * Back.Error), FromBase + (Errors * Forward.Error));

    /// <summary>Width of the bracket in nats.</summary>
    public double Width => Upper - Lower;

    /// <summary>Forward estimate of log Z in nats.</summary>
    public double FromBase => BaseLogZ + Forward.Value;

    /// <summary>Reverse estimate of log Z in nats.</summary>
    public double FromModel => BaseLogZ - Back.Value;

    /// <summary>Whether the bracket passes all checks.</summary>
    public bool IsCertified => Doubts.Count == 0;

    /// <summary>The failed checks as text.</summary>
    public IReadOnlyList<string> Doubts => [.. FindDoubts()];

    private IEnumerable<string> FindDoubts()
    {
        if (!(Agreement.NestedRHat < ConvergenceCheck.Threshold))
        {
            yield return Text($"the chains at the model have not converged: nested R-hat of {Agreement.Figure} is ")
                + Text($"{Agreement.NestedRHat:0.####}, expected below {ConvergenceCheck.Threshold}; use more sweeps");
        }

        foreach (var (direction, mean) in new[] { ("forward", Forward), ("reverse", Back) })
        {
            if (!(mean.EffectiveSamples >= FewestEffective))
            {
                yield return Text($"{mean.EffectiveSamples:0.#} effective samples of {mean.Chains} ")
                    + Text($"{direction} chains, expected {FewestEffective} or more; use more temperatures");
            }
        }

        if (FromBase - FromModel > Errors * (Forward.Error + Back.Error))
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
