using System.Text.Json;
using Ebm.Contracts.Runs;
using Ebm.Core.Diagnostics;
using Ebm.Library.Tests.Reporting.TensorBoard;
using Ebm.Grains.TensorBoard;
using Ebm.Reporting.TensorBoard;

namespace Ebm.Grains.Tests.TensorBoard;

public sealed class TensorBoardRunTests : IDisposable
{
    private readonly TempHome _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Tags_OfRoundMetrics_ExistForEachOfThem()
    {
        var metrics = typeof(RoundMetrics).GetProperties().Concat(typeof(RoundReport).GetProperties())
            .Select(p => JsonNamingPolicy.CamelCase.ConvertName(p.Name))
            .Except(["round", "figures", "equalityContract"]);

        Assert.Equal(
            metrics.Order(StringComparer.Ordinal), MetricTags.All.Select(f => f.Name).Order(StringComparer.Ordinal));
        Assert.Distinct(MetricTags.All.Select(f => f.Tag));
    }

    [Fact]
    public async Task Round_WithMissingAndNonFiniteMetrics_HasTheOthers()
    {
        var events = await Written(board => board.Round(new RoundReport(
            new RoundMetrics
            {
                Round = 9, Attempt = 1, EnergyData = 0.5, EnergyNegatives = double.NaN, GradientNorm = 1,
                ParameterNorm = 2, Rate = 0.1, RHat = 1.5,
            },
            64,
            0.25)));

        var e = Assert.Single(events);
        Assert.Equal(9, e.Step);
        var values = e.Values.ToDictionary(v => v.Tag, v => v.Scalar);
        Assert.Equal(0.5f, values["energy/data"]);
        Assert.Equal(float.NaN, values["energy/negatives"]);
        Assert.Equal(float.NaN, values["energy/gap"]);
        Assert.Equal(1.5f, values["mixing/rHat"]);
        Assert.Equal(4f, values["speed/roundsPerSecond"]);
        Assert.Equal(256f, values["speed/negativesPerSecond"]);
        Assert.DoesNotContain("sampler/acceptance", values.Keys);
    }

    [Fact]
    public async Task Artefact_OfAnEvaluation_HasItsMetricsAtItsRound()
    {
        var events = await Written(board => board.Artefact(
            "evaluation-000120.json", """{"logLikelihood.test.lower": -85.5, "logLikelihood.test.upper": "NaN"}"""u8));

        var e = Assert.Single(events);
        Assert.Equal(120, e.Step);
        Assert.Equal(
            [("evaluation/logLikelihood.test.lower", -85.5f), ("evaluation/logLikelihood.test.upper", float.NaN)],
            e.Values.Select(v => (v.Tag, v.Scalar!.Value)));
    }

    [Fact]
    public async Task Artefact_OfSamplesThatAreLines_ShowsThemAsTheyAre()
    {
        var e = Assert.Single(await Written(board => board.Artefact("samples-000004.txt", "*a*\n  b\n"u8)));
        Assert.Equal((4L, "samples", "    *a*\n      b"), (e.Step, e.Values[0].Tag, e.Values[0].Text));
    }

    [Fact]
    public async Task Artefact_OfAnythingElse_IsLeftOut() => Assert.Empty(await Written(board =>
    {
        board.Artefact("curves.png", [1]);
        board.Artefact("spec.yaml", [1]);
    }));

    [Fact]
    public async Task ContinueAfter_ARound_MakesLaterRoundsVoid()
    {
        var e = Assert.Single(await Written(board => board.GoOnAfter(40)));
        Assert.Equal((41L, true), (e.Step, e.IsStart));
    }

    private async Task<IEnumerable<RecordedEvent>> Written(Action<TensorBoardRun> tell)
    {
        await using (var writer = new EventWriter(_folder.Path, TimeProvider.System))
        {
            tell(new TensorBoardRun(writer));
        }

        return RecordedEvent.ReadFolder(_folder.Path).Skip(1);
    }
}
