using System.Globalization;
using System.Text.Json;
using Ebm.Contracts.Runs;
using Ebm.Core.Datasets;
using Ebm.Core.Energies;
using Ebm.Core.Evaluation;
using Ebm.Core.Learning;
using Ebm.Core.States;
using Ebm.Grains.Devices;
using Ebm.Grains.Runs;
using Ebm.Grains.Stores;
using Ebm.Reporting.Plots;
using TorchSharp;

namespace Ebm.Grains.Reporting;

/// <summary>What a run leaves for people to look at: sample grids, curves, histograms, evaluations.</summary>
internal sealed class RunArtefacts(RunContext run, long epoch, IRunJournal journal, DeviceLanes lanes)
{
    private const int HistogramRows = 2048;

    /// <summary>
    /// Writes the samples and the energies of the round that has just been applied, and says that they are there.
    /// </summary>
    public async Task OfRound(
        TrainerState state, IReadOnlyList<ReadOnlyMemory<byte>> negatives, int[] classes, RunReporter reporter)
    {
        var (name, text) = await Samples(state, negatives, classes, state.Version);
        reporter.Event(RunEventKind.Artefact, state.Version, name);
        if (text is not null)
        {
            reporter.Event(RunEventKind.Samples, state.Version, text);
        }

        reporter.Event(RunEventKind.Artefact, state.Version, await Energies(state, negatives, classes));
    }

    /// <summary>
    /// Writes the first of a round's negatives, as a picture in the order of their classes or as lines of text; returns
    /// the file's name, and the beginning of the text.
    /// </summary>
    private async Task<(string Name, string? Text)> Samples(
        TrainerState state, IEnumerable<ReadOnlyMemory<byte>> negatives, int[] classes, long round)
    {
        var states = First(negatives, run.Spec.Output.Samples);
        if (run.Data.Alphabet is { } alphabet)
        {
            var lines = await lanes.Run(run.Id, _ => alphabet.Lines(
                run.Codec.Decode(states, states.Length / run.Codec.BytesPerState, torch.CPU).data<float>().ToArray()));
            return (await Write(string.Create(CultureInfo.InvariantCulture, $"samples-{round:D6}.txt"), lines),
                SampleExcerpt.Of(lines));
        }

        var png = await lanes.Run(run.Id, lane =>
        {
            using var shown = Shown(state);
            var rows = run.Codec.Decode(states, states.Length / run.Codec.BytesPerState, lane.Device);
            var labels = classes.AsSpan(0, Math.Min(classes.Length, (int)rows.shape[0])).ToArray();
            long[] order = [.. Enumerable.Range(0, labels.Length).OrderBy(i => labels[i])];
            var sorted = order.Length == 0 ? rows : rows.index_select(0, torch.tensor(order, device: lane.Device));
            return StatesPlot.Png(
                run.Energy, shown, sorted, [.. order.Select(i => labels[i])], run.Data, run.Range, run.Spec.Seed);
        });
        return (await Write(string.Create(CultureInfo.InvariantCulture, $"samples-{round:D6}.png"), png), null);
    }

    /// <summary>Writes the curves of all rounds so far; returns the file's name.</summary>
    public async Task<string> Curves()
    {
        var metrics = await journal.ReadMetrics(run.Id);
        var png = await lanes.Run(run.Id, _ => CurvesPlot.Png([.. metrics.Select(m => new CurvePoint(
            (int)m.Figures.Round,
            m.Figures.EnergyData,
            m.Figures.EnergyNegatives,
            m.Figures.GradientNorm,
            m.Figures.Rate)
        {
            Acceptance = m.Figures.Acceptance,
            SwapAcceptance = m.Figures.SwapAcceptance,
            StateGradientNorm = m.Figures.StateGradientNorm,
        })]));
        return await Write("curves.png", png);
    }

    /// <summary>
    /// Writes energies of data against those of negatives, as numbers and as a picture; returns the picture's name.
    /// </summary>
    private async Task<string> Energies(TrainerState state, IEnumerable<ReadOnlyMemory<byte>> negatives, int[] classes)
    {
        var states = First(negatives, HistogramRows);
        var (pair, png) = await lanes.Run(run.Id, lane =>
        {
            using var shown = Shown(state);
            var rows = Math.Min(HistogramRows, run.Data.Train.Count);
            var data = PositiveBatch.EvaluationRows(
                run.Data, DataPart.Train, 0, rows, run.Spec.Seed, lane.Noise, lane.Device);
            var samples = run.Codec.Decode(states, states.Length / run.Codec.BytesPerState, lane.Device);
            var pair = HistogramPair.Of(
                Of(data, run.Data.Train.LabelsOf(0, rows)),
                Of(samples, classes.AsSpan(0, Math.Min(classes.Length, HistogramRows))));
            return (pair, HistogramPlot.Png(pair));

            float[] Of(torch.Tensor states, ReadOnlySpan<int> labels) =>
                [.. run.Energy.Given(labels, lane.Device).Energy(shown, states).to(torch.CPU).data<float>()];
        });
        await Write("energies.json", JsonSerializer.SerializeToUtf8Bytes(new
        {
            round = state.Version,
            edges = pair.Edges,
            data = pair.Data,
            negatives = pair.Model,
            dataNotFinite = pair.DataNotFinite,
            negativesNotFinite = pair.ModelNotFinite,
        }));
        return await Write("energies.png", png);
    }

    /// <summary>Evaluates the model of a version as far as that needs no chains.</summary>
    public Task<SortedDictionary<string, double>> Figures(TrainerState state) => lanes.Run(run.Id, lane =>
    {
        using var shown = Shown(state);
        return ModelMetrics.Of(run.Energy, shown, run.Data, run.Spec, lane.Noise);
    });

    /// <summary>The parameters to show: the moving average where the run keeps one.</summary>
    private Parameters Shown(TrainerState state) =>
        new(run.Energy.Layout, (state.Average ?? state.Parameters).alias());

    private byte[] First(IEnumerable<ReadOnlyMemory<byte>> negatives, int count)
    {
        var all = negatives.SelectMany(shard => shard.ToArray());
        return [.. all.Take(count * run.Codec.BytesPerState)];
    }

    private async Task<string> Write(string name, byte[] bytes)
    {
        await journal.WriteArtefact(run.Id, epoch, name, bytes);
        return name;
    }
}
