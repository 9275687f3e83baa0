using Ebm.Core.Evaluation;
using Ebm.Core.Learning;
using Ebm.Core.Spec;

namespace Ebm.Core.Tests.Evaluation;

public sealed class EarlyStoppingTests
{
    [Theory]
    [InlineData(-85.1, false)]
    [InlineData(-85.0, true)]
    [InlineData(-80.0, true)]
    [InlineData(double.NaN, false)]
    public void Reason_WithATarget_IsThereOnceItIsReached(double now, bool ends) =>
        Assert.Equal(ends, Reason(new StopSpec { Target = -85 }, now) is not null);

    /// <summary>One that is as good as the best is no better; one that came to nothing is none.</summary>
    [Theory]
    [InlineData(new[] { -90.0, -88 }, false)]
    [InlineData(new[] { -88.0, -90 }, false)]
    [InlineData(new[] { -88.0, -90, -88 }, true)]
    [InlineData(new[] { -88.0, -90, -87, -89 }, false)]
    [InlineData(new[] { -88.0, double.NaN, double.NaN }, true)]
    [InlineData(new[] { double.NaN, -88.0, -89 }, false)]
    public void Reason_WithPatience_IsThereAfterSoManyWithoutANewBest(double[] outcomes, bool ends) =>
        Assert.Equal(ends, Reason(new StopSpec { Patience = 2 }, outcomes) is not null);

    [Fact]
    public void Reason_OfAStop_NamesRoundAndMetric()
    {
        Assert.Equal(
            "none of 2 evaluations in a row has raised the log-likelihood of the validation rows above -88, "
                + "which it reached at round 10",
            Reason(new StopSpec { Patience = 2 }, -88, -90, -89));
        Assert.Equal(
            "the log-likelihood of the test rows at round 10 is -80.5 or more, and the target is -85",
            Reason(new StopSpec { Target = -85, Part = States.DataPart.Test }, -80.5));
    }

    private static string? Reason(StopSpec rule, params double[] values)
    {
        EvaluationOutcome[] all = [.. values.Select((v, i) => new EvaluationOutcome(10 * (i + 1), v))];
        return EarlyStopping.Reason(rule, all[..^1], all[^1]);
    }
}
