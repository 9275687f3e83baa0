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
using Ebm.RunFolders;
using TorchSharp;

namespace Ebm.Grains.Reporting;

/// <summary>The files that a run writes for people: samples, curves, histograms of energies.</summary>
internal sealed class RunArtefacts(RunContext run, long epoch, IRunJournal journal, DeviceLanes lanes)
{
    private const int HistogramRows = 2048;

    /// <summary>Writes samples and energies of the round that has just been applied, and reports the files.</summary>
    /// <param name="state">The trainer's state after the round.</param>
    /// <param name="negatives">The round's encoded negatives, by shard.</param>
    /// <param name="classes">The class of each chain; empty where the energy has no classes.</param>
    /// <param name="reporter">Gets the names of the files, and an excerpt of samples that are text.</param>
    public async Task WriteRound(
        TrainerState state, IReadOnlyList<ReadOnlyMemory<byte>> negatives, int[] classes, RunReporter reporter)
    {
        var (name, text) = await WriteSamples(state, negatives, classes, state.Version);
        reporter.RecordFile(state.Version, name);
        if (text is not null)
        {
            reporter.Record(new RunEvent(0, RunEventKind.Samples, state.Version, text));
        }

        reporter.RecordFile(state.Version, await WriteEnergies(state, negatives, classes));
    }

    /// <summary>
    /// Writes the first of a round's negatives, as an image in the order of their classes or as lines of text; returns
    /// the file's name, and the beginning of the text.
    /// </summary>
    private async Task<(string Name, string? Text)> WriteSamples(
        TrainerState state, IReadOnlyList<ReadOnlyMemory<byte>> negatives, int[] classes, long round)
    {
        var states = TakeFirst(negatives, run.Spec.Output.Samples);
        if (run.Data.Alphabet is { } alphabet)
        {
            var lines = await lanes.Run(run.Id, _ => alphabet.Lines(
                run.Codec.Decode(states, states.Length / run.Codec.BytesPerState, torch.CPU).data<float>().ToArray()));
            var file = await Write(RunLayout.SamplesText(round), lines);
            return (file, SampleExcerpt.Of(lines));
        }

        var png = await lanes.Run(run.Id, lane =>
        {
            using var shown = Show(state);
            var rows = run.Codec.Decode(states, states.Length / run.Codec.BytesPerState, lane.Device);
            var labels = classes.AsSpan(0, Math.Min(classes.Length, (int)rows.shape[0])).ToArray();
            long[] order = [.. Enumerable.Range(0, labels.Length).OrderBy(i => labels[i])];
            var sorted = order.Length == 0 ? rows : rows.index_select(0, torch.tensor(order, device: lane.Device));
            return StatesPlot.Png(
                run.Energy, shown, sorted, [.. order.Select(i => labels[i])], run.Data, run.Range, run.Spec.Seed);
        });
        return (await Write(RunLayout.SamplesPlot(round), png), null);
    }

    /// <summary>Writes the curves of all rounds so far; returns the file's name.</summary>
    public async Task<string> WriteCurves()
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
        return await Write(RunLayout.Curves, png);
    }

    /// <summary>Writes energies of data and of negatives, as numbers and as a plot; returns the plot's name.</summary>
    private async Task<string> WriteEnergies(
        TrainerState state, IReadOnlyList<ReadOnlyMemory<byte>> negatives, int[] classes)
    {
        var states = TakeFirst(negatives, HistogramRows);
        var (pair, png) = await lanes.Run(run.Id, lane =>
        {
            using var shown = Show(state);
            var rows = Math.Min(HistogramRows, run.Data.Train.Count);
            var data = PositiveBatch.EvaluationRows(
                run.Data, DataPart.Train, 0, rows, run.Spec.Seed, lane.Noise, lane.Device);
            var samples = run.Codec.Decode(states, states.Length / run.Codec.BytesPerState, lane.Device);
            var shownClasses = classes.AsSpan(0, Math.Min(classes.Length, HistogramRows));
            var pair = HistogramPair.Of(
                Measure(data, run.Data.Train.LabelsOf(0, rows)), Measure(samples, shownClasses));
            return (pair, HistogramPlot.Png(pair));

            float[] Measure(torch.Tensor states, ReadOnlySpan<int> labels) =>
                [.. run.Energy.Given(labels, lane.Device).Energy(shown, states).to(torch.CPU).data<float>()];
        });
        await Write(RunLayout.Energies, JsonSerializer.SerializeToUtf8Bytes(new
        {
            round = state.Version,
            edges = pair.Edges,
            data = pair.Data,
            negatives = pair.Model,
            dataNotFinite = pair.DataNotFinite,
            negativesNotFinite = pair.ModelNotFinite,
        }));
        return await Write(RunLayout.EnergiesPlot, png);
    }

    /// <summary>The metrics of a version's model that need no chains.</summary>
    public Task<SortedDictionary<string, double>> MeasureModel(TrainerState state) => lanes.Run(run.Id, lane =>
    {
        using var shown = Show(state);
        return ModelMetrics.Of(run.Energy, shown, run.Data, run.Spec, lane.Noise);
    });

    /// <summary>The parameters to show: the moving average where the run keeps one.</summary>
    private Parameters Show(TrainerState state) =>
        new(run.Energy.Layout, (state.Average ?? state.Parameters).alias());

    private byte[] TakeFirst(IReadOnlyList<ReadOnlyMemory<byte>> negatives, int count) =>
        SampleExcerpt.Of(negatives, count * run.Codec.BytesPerState);

    private async Task<string> Write(string name, byte[] bytes)
    {
        await journal.WriteArtefact(run.Id, epoch, name, bytes);
        return name;
    }
}
