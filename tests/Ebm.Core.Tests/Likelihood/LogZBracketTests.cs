using Ebm.Core.Likelihood;
using Ebm.Core.Randomness;

namespace Ebm.Core.Tests.Likelihood;

public sealed class LogZBracketTests
{
    private static readonly LogZBracket Good = new(
        10, new LogMeanWeight(5, 0.1, 0.05, 200, 512), new LogMeanWeight(-5.2, 0.02, 0.05, 100, 512),
        new ConvergenceCheck(1.004, "energy"), ValidatedMethods.All[0]);

    [Fact]
    public void Bracket_OfTwoEstimates_AddsThreeErrorsOnEitherSide()
    {
        Assert.Equal(14.7, Good.Lower, 1e-9);
        Assert.Equal(15.35, Good.Upper, 1e-9);
        Assert.True(Good.IsCertified);
    }

    [Fact]
    public void InWords_OfANarrowBracket_IsANumberAndAWideOneIsNot()
    {
        KeyValuePair<string, double>[] energies = [new("energy.test", -3), new("accuracy.test", 1)];

        Assert.Equal(
            ["log-likelihood of the test rows: -12.025 +- 0.325 nats",
                "certified: nested R-hat 1.004, effective samples 200 and 100 of 512"],
            LikelihoodMetrics.InWords(Good, energies));
        Assert.Equal(
            "log-likelihood of the test rows: bracket too wide: [-17.3, -11.7]",
            LikelihoodMetrics.InWords(Good with { Forward = Good.Forward with { Bootstrap = 0.1 },
                Reverse = Good.Reverse with { Value = -10, Bootstrap = 0.1 } }, energies)[0]);
    }

    [Fact]
    public void Doubts_OfABadEstimate_NameEveryReason()
    {
        var bad = Good with
        {
            Convergence = new ConvergenceCheck(1.2, "projection 3"),
            Forward = Good.Forward with { Value = 8, EffectiveSamples = 3 },
            Method = "guess",
        };

        Assert.Equal(4, bad.FailedChecks.Count);
        Assert.Contains(
            "nested R-hat of projection 3 is 1.2, expected below 1.01", bad.FailedChecks[0], StringComparison.Ordinal);
        Assert.Contains("3 effective samples of 512 forward chains", bad.FailedChecks[1], StringComparison.Ordinal);
        Assert.Contains(
            "contradict each other: 18 from below, 15.2 from above", bad.FailedChecks[2], StringComparison.Ordinal);
        Assert.Contains("guess", bad.FailedChecks[3], StringComparison.Ordinal);
        Assert.False((Good with { Convergence = new ConvergenceCheck(double.NaN, "energy") }).IsCertified);
        Assert.True(bad.Lower < bad.Upper);
    }

    [Fact]
    public void Of_Metrics_HasBothBoundsForEachPart()
    {
        var figures = new SortedDictionary<string, double>(StringComparer.Ordinal) { ["energy.validation"] = -3 };
        foreach (var (name, value) in LikelihoodMetrics.Of(Good, figures))
        {
            figures[name] = value;
        }

        Assert.Equal(-12.35, figures["logLikelihood.validation.lower"], 1e-9);
        Assert.Equal(-11.7, figures["logLikelihood.validation.upper"], 1e-9);
        Assert.Equal(1, figures["ais.certified"]);
        Assert.Equal(-12.35, LikelihoodMetrics.AtLeast(figures, "validation"), 1e-9);
        Assert.Equal(-7, LikelihoodMetrics.AtLeast(
            new Dictionary<string, double> { ["logLikelihood.validation"] = -7 }, "validation"));
        Assert.True(double.IsNaN(LikelihoodMetrics.AtLeast(figures, "test")));
    }

    /// <summary>Weights whose mean, error and effective number are known: half of them 1, half 3.</summary>
    [Fact]
    public void LogMean_OfTwoValues_HasTheirMomentsAndErrors()
    {
        double[] logs = [.. Enumerable.Range(0, 400).Select(i => 1000 + Math.Log(i % 2 == 0 ? 1 : 3))];

        var mean = LogMeanWeight.Of(logs, new RandomKey(1));
        var grouped = LogMeanWeight.Of([.. logs.OrderBy(l => l)], new RandomKey(1), perGroup: 4);

        Assert.Equal(1000 + Math.Log(2), mean.Value, 1e-9);
        Assert.Equal(1 / Math.Sqrt(399) / 2, mean.StandardError, 1e-9);
        Assert.Equal(mean.StandardError, mean.Bootstrap, 0.1 * mean.StandardError);
        Assert.Equal(400 * 4 / 5.0, mean.EffectiveSamples, 1e-9);

        // Groups of four equal weights are a quarter as many independent ones.
        Assert.Equal(2 * mean.StandardError, grouped.Bootstrap, 0.15 * grouped.Bootstrap);
    }
}
