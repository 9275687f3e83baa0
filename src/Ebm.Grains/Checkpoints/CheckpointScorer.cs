using Ebm.Core;
using Ebm.Core.Data;
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
    public async Task<float[]> Score(CheckpointModel model, string file)
    {
        var run = model.Run;
        using var rows = await lanes.Run(run.Id, _ => Read(model, file));
        var data = run.Data with { Test = rows };
        var parts = await Task.WhenAll(Enumerable.Range(0, (rows.Count + Chunk - 1) / Chunk).Select(
            part => lanes.Run(run.Id, lane =>
            {
                var count = Math.Min(Chunk, rows.Count - (part * Chunk));
                var states = PositiveBatch.EvaluationRows(
                    data, DataPart.Test, part * Chunk, count, run.Spec.Seed, lane.Noise, lane.Device);
                return run.Energy.Energy(model.Parameters, states).to(torch.CPU).data<float>().ToArray();
            })));
        return [.. parts.SelectMany(p => p)];
    }

    private static DataRows Read(CheckpointModel model, string file)
    {
        var rows = RowFile.Read(file, model.Run.Data.Reading);
        var features = model.Run.Energy.Space.Features;
        return rows.Features == features
            ? rows
            : throw new InputException($"{file}: its rows have {rows.Features} values; the model's have {features}.");
    }
}
