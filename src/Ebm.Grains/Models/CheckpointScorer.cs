using Ebm.Contracts.Models;
using Ebm.Core;
using Ebm.Core.Datasets;
using Ebm.Core.Energies;
using Ebm.Core.States;
using Ebm.Data.Files;
using Ebm.Grains.Devices;
using TorchSharp;

namespace Ebm.Grains.Models;

/// <summary>Energies of rows under a model.</summary>
internal sealed class CheckpointScorer(DeviceLanes lanes)
{
    private const int Chunk = 1024;

    /// <summary>
    /// The energy of each row of a file, read as the run's data is. Where that is binarised by sampling, a row's bits
    /// are drawn once from the run's seed and its number.
    /// </summary>
    /// <exception cref="InputException">The file is bad, or its rows are not of the model's kind.</exception>
    public async Task<ScoredRows> Score(CheckpointModel model, ScoreCall call)
    {
        var run = model.Run;
        ModelClasses.Check(run, call.Class);
        using var rows = await lanes.Run(run.Id, _ => Read(model, call));
        var (energies, classes) = await Energies(
            model, run.Data with { Test = rows }, DataPart.Test, rows.Labels is not null);
        return new ScoredRows(
            energies,
            classes,
            run.Energy.Classes == 0 ? ClassOrigin.None
                : call.Class is not null ? ClassOrigin.Call
                : rows.Labels is not null ? ClassOrigin.File : ClassOrigin.Lowest);
    }

    /// <summary>
    /// The energy of each row of a part of some data; of a model with classes, that of its class of lowest energy.
    /// </summary>
    public async Task<float[]> Lowest(CheckpointModel model, Dataset data, DataPart part) =>
        (await Energies(model, data, part, areLabelled: false)).Energies;

    /// <summary>The same of a file.</summary>
    /// <exception cref="InputException">The file is bad, or its rows are not of the model's kind.</exception>
    public async Task<float[]> Lowest(CheckpointModel model, string file)
    {
        using var rows = await lanes.Run(model.Run.Id, _ => Read(model, new ScoreCall(null, file)));
        return await Lowest(model, model.Run.Data with { Test = rows }, DataPart.Test);
    }

    private async Task<(float[] Energies, int[] Classes)> Energies(
        CheckpointModel model, Dataset data, DataPart part, bool areLabelled)
    {
        var (run, rows) = (model.Run, data[part].Count);
        var chunks = await Task.WhenAll(Enumerable.Range(0, (rows + Chunk - 1) / Chunk).Select(
            chunk => lanes.Run(run.Id, lane =>
            {
                var count = Math.Min(Chunk, rows - (chunk * Chunk));
                var states = PositiveBatch.EvaluationRows(
                    data, part, chunk * Chunk, count, run.Spec.Seed, lane.Noise, lane.Device);
                return Energies(model, states, areLabelled ? data[part].LabelsOf(chunk * Chunk, count) : []);
            })));
        return ([.. chunks.SelectMany(c => c.Energies)], [.. chunks.SelectMany(c => c.Classes)]);
    }

    private static (float[] Energies, int[] Classes) Energies(
        CheckpointModel model, torch.Tensor states, ReadOnlySpan<int> labels)
    {
        var energy = model.Run.Energy;
        if (energy.Classes == 0 || !labels.IsEmpty)
        {
            var energies = energy.Given(labels, states.device).Energy(model.Parameters, states);
            return ([.. energies.to(torch.CPU).data<float>()], energy.Classes == 0 ? [] : labels.ToArray());
        }

        var (lowest, classes) = ClassEnergies.Of(energy, model.Parameters, states).min(1);
        return ([.. lowest.to(torch.CPU).data<float>()], [.. classes.to(torch.CPU).data<long>().Select(y => (int)y)]);
    }

    private static DataRows Read(CheckpointModel model, ScoreCall call)
    {
        var rows = RowFile.Read(call.File, model.Run.Data.Reading);
        var features = model.Run.Energy.Space.Features;
        if (rows.Features != features)
        {
            throw new InputException($"{call.File}: its rows have {rows.Features} values; "
                + $"the model's have {features}.");
        }

        if (model.Run.Energy.Classes > 0 && call.Class is null)
        {
            Array.ForEach(rows.Labels ?? [], label => ModelClasses.Checked(model.Run, label, call.File));
        }

        return call.Class is { } one ? rows.WithLabels([.. Enumerable.Repeat(one, rows.Count)]) : rows;
    }
}

/// <summary>Rows that were scored.</summary>
/// <param name="Energies">The energy of each.</param>
/// <param name="Classes">The class that it is the energy of, of a model with classes; else empty.</param>
/// <param name="Origin">Where the classes came from.</param>
internal sealed record ScoredRows(float[] Energies, int[] Classes, ClassOrigin Origin);
