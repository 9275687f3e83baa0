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
        var run = open.Model.Run;
        var steps = call.Steps ?? CheckpointSampler.DefaultSteps(run.Spec.Sampler);
        var known = call.ClampFile is not { } file ? null : await open.Lanes.Run(
            run.Id, _ => KnownRows.Read(run, file, call.Count, call.Known));
        var sampler = new CheckpointSampler(open.Lanes);
        var states = await sampler.Draw(
            open.Model, new SampleRequest(call.Count, steps, call.Seed ?? run.Spec.Seed, known));
        return new Samples(open.Model.Round, steps, states, await sampler.Picture(open.Model, states), run.Data.Alphabet is not null);
    }

    public async Task<Scores> Score(ScoreCall call)
    {
        using var open = await OpenModel.Open(files, id, call.Round);
        return new Scores(open.Model.Round, await new CheckpointScorer(open.Lanes).Score(open.Model, call.File));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
