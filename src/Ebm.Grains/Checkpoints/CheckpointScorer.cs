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
        using var rows = await lanes.Run(model.Run.Id, _ => Read(model, file));
        return await Score(model, model.Run.Data with { Test = rows }, DataPart.Test);
    }

    /// <summary>The energy of each row of a part of some data.</summary>
    public async Task<float[]> Score(CheckpointModel model, Dataset data, DataPart part)
    {
        var (run, rows) = (model.Run, data[part].Count);
        var chunks = await Task.WhenAll(Enumerable.Range(0, (rows + Chunk - 1) / Chunk).Select(
            chunk => lanes.Run(run.Id, lane =>
            {
                var count = Math.Min(Chunk, rows - (chunk * Chunk));
                var states = PositiveBatch.EvaluationRows(
                    data, part, chunk * Chunk, count, run.Spec.Seed, lane.Noise, lane.Device);
                return run.Energy.Energy(model.Parameters, states).to(torch.CPU).data<float>().ToArray();
            })));
        return [.. chunks.SelectMany(c => c)];
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
