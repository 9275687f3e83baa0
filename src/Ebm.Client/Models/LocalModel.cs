using Ebm.Client.Runs;
using Ebm.Contracts.Models;
using Ebm.Grains.Checkpoints;

namespace Ebm.Client.Models;

/// <summary>A run of this machine, computed by this process.</summary>
internal sealed class LocalModel(RunFiles files, string id) : ITrainedModel
{
    public async Task<Samples> Sample(SampleCall call)
    {
        using var open = await OpenModel.Open(files, id, call.Round);
        var drawn = await new CheckpointSampler(open.Lanes).Sample(open.Model, call);
        return new Samples(open.Model.Round, drawn.Steps, drawn.States, drawn.Rows, drawn.Origin, drawn.Picture);
    }

    public async Task<Scores> Score(ScoreCall call)
    {
        using var open = await OpenModel.Open(files, id, call.Round);
        var scored = await new CheckpointScorer(open.Lanes).Score(open.Model, call);
        return new Scores(open.Model.Round, scored.Energies, scored.Classes, scored.Origin);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
