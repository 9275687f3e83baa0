using System.Globalization;

namespace Ebm.Core.Likelihood;

/// <summary>
/// log Z from both sides: annealed importance sampling from the base, which in expectation gives less, and back from
/// chains at the model, which gives more. Three standard errors are part of the bracket.
/// </summary>
/// <param name="BaseLogZ">log Z of the base.</param>
/// <param name="Forward">log of the mean weight on the way to the model.</param>
/// <param name="Back">log of the mean weight on the way back.</param>
/// <param name="Agreement">Whether the chains that walked back had settled.</param>
/// <param name="Method">Path and kernel, as <see cref="ValidatedMethods"/> names them.</param>
public sealed record LogZBracket(
    double BaseLogZ, LogMeanWeight Forward, LogMeanWeight Back, ConvergenceCheck Agreement, string Method)
{
    /// <summary>Standard errors that the bracket adds on either side.</summary>
    public const double Errors = 3;

    /// <summary>Width in nats from which a bracket is too wide to stand for a number.</summary>
    public const double Widest = 1;

    /// <summary>Effective samples below which the weights say nothing reliable of their own error.</summary>
    public const double FewestEffective = 10;

    /// <summary>log Z is not below this, errors considered.</summary>
    public double Lower => Math.Min(FromBase - (Errors * Forward.Error), FromModel - (Errors * Back.Error));

    /// <summary>log Z is not above this, errors considered.</summary>
    public double Upper => Math.Max(FromModel + (Errors * Back.Error), FromBase + (Errors * Forward.Error));

    /// <summary>Of the bracket, in nats.</summary>
    public double Width => Upper - Lower;

    /// <summary>The estimate on the way to the model.</summary>
    public double FromBase => BaseLogZ + Forward.Value;

    /// <summary>The estimate on the way back.</summary>
    public double FromModel => BaseLogZ - Back.Value;

    /// <summary>Whether the bracket may be believed: no reason speaks against it.</summary>
    public bool IsCertified => Doubts.Count == 0;

    /// <summary>What speaks against it, in words.</summary>
    public IReadOnlyList<string> Doubts => [.. FindDoubts()];

    private IEnumerable<string> FindDoubts()
    {
        if (!(Agreement.NestedRHat < ConvergenceCheck.Threshold))
        {
            yield return Text($"the chains at the model disagree: nested R-hat of {Agreement.Figure} is ")
                + Text($"{Agreement.NestedRHat:0.####}, expected below {ConvergenceCheck.Threshold}; ")
                + "more sweeps may settle it";
        }

        foreach (var (side, mean) in new[] { ("on the way to the model", Forward), ("on the way back", Back) })
        {
            if (!(mean.EffectiveSamples >= FewestEffective))
            {
                yield return Text($"{mean.EffectiveSamples:0.#} of {mean.Chains} chains carry all the weight {side}, ")
                    + Text($"expected {FewestEffective} or more; take more temperatures");
            }
        }

        if (FromBase - FromModel > Errors * (Forward.Error + Back.Error))
        {
            yield return Text($"the two sides contradict each other: {FromBase:0.###} from below and ")
                + Text($"{FromModel:0.###} from above; the chains that walked back are no draws of the model");
        }

        if (!ValidatedMethods.All.Contains(Method))
        {
            yield return $"the method ({Method}) has not been shown to hold on models whose log Z is known";
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
