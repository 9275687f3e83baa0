using Ebm.Contracts.Models;
using Ebm.Core;
using Ebm.Core.Data;
using Ebm.Core.Energies;
using Ebm.Grains.Devices;
using TorchSharp;

namespace Ebm.Grains.Checkpoints;

/// <summary>Energies of rows under a model.</summary>
public sealed class CheckpointScorer(DeviceLanes lanes)
{
    private const int Chunk = 1024;

    /// <summary>
    /// The energy of each row of a file, read as the run's data is. Where that is binarised by sampling, a row's bits are
    /// drawn once from the run's seed and its number.
    /// </summary>
    /// <exception cref="InputException">The file is bad, or its rows are not of the model's kind.</exception>
    public async Task<ScoredRows> Score(CheckpointModel model, ScoreCall call)
    {
        var run = model.Run;
        ModelClasses.Check(run, call.Class);
        using var rows = await lanes.Run(run.Id, _ => Read(model, call));
        var data = run.Data with { Test = rows };
        var parts = await Task.WhenAll(Enumerable.Range(0, (rows.Count + Chunk - 1) / Chunk).Select(
            part => lanes.Run(run.Id, lane =>
            {
                var count = Math.Min(Chunk, rows.Count - (part * Chunk));
                var states = PositiveBatch.EvaluationRows(
                    data, DataPart.Test, part * Chunk, count, run.Spec.Seed, lane.Noise, lane.Device);
                return Energies(model, states, rows.LabelsOf(part * Chunk, count));
            })));
        return new ScoredRows(
            [.. parts.SelectMany(p => p.Energies)],
            [.. parts.SelectMany(p => p.Classes)],
            run.Energy.Classes == 0 ? ClassOrigin.None
                : call.Class is not null ? ClassOrigin.Call
                : rows.Labels is not null ? ClassOrigin.File : ClassOrigin.Lowest);
    }

    private static (float[] Energies, int[] Classes) Energies(CheckpointModel model, torch.Tensor states, ReadOnlySpan<int> labels)
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
            throw new InputException($"{call.File}: its rows have {rows.Features} values; the model's have {features}.");
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
public sealed record ScoredRows(float[] Energies, int[] Classes, ClassOrigin Origin);
