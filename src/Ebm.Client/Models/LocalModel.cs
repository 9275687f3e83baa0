using Ebm.Client.Runs;
using Ebm.Contracts.Likelihood;
using Ebm.Contracts.Models;
using Ebm.Core.Likelihood;
using Ebm.Grains.Models;
using Ebm.Grains.Models.Evaluation;
using Ebm.Grains.Models.Likelihood;

namespace Ebm.Client.Models;

/// <summary>The model of a run on this machine, computed by this process.</summary>
internal sealed class LocalModel(RunFiles files, string id) : ITrainedModel
{
    private OpenModel? _open;

    public async Task<Samples> Sample(SampleCall call)
    {
        var open = await Open(call.Round);
        var sampler = new CheckpointSampler(open.Lanes);
        var request = await sampler.Request(open.Model, call);
        var states = await sampler.Draw(open.Model, request);
        return new Samples(
            open.Model.Round, request.Steps, states, request.Count, request.Origin,
            await sampler.Plot(open.Model, states, request), open.Model.Run.Data.Alphabet is not null);
    }

    public async Task<Scores> Score(ScoreCall call)
    {
        var open = await Open(call.Round);
        var scored = await new CheckpointScorer(open.Lanes).Score(open.Model, call);
        return new Scores(open.Model.Round, scored.Energies, scored.Classes, scored.Origin);
    }

    public async Task<Exported> Export(ExportCall call)
    {
        var open = await Open(call.Round);
        return new Exported(open.Model.Round, await new CheckpointExporter(open.Lanes).Export(open.Model));
    }

    public async Task<Evaluation> Evaluate(EvaluateCall call)
    {
        var open = await Open(call.Round);
        var (sections, picture) = await new ModelEvaluator(open.Lanes).Evaluate(open.Model, call);
        return new Evaluation(open.Model.Round, sections, picture, LikelihoodSuggestions.Of(open.Model, call.Seed));
    }

    public async Task<LogZBracket> Estimate(
        AnnealCall call, Action<double> progress, CancellationToken cancellationToken)
    {
        var open = await Open(call.Round);
        using var model = await open.Lanes.Run(
            open.Model.Run.Id, lane => AnnealedModel.Of(open.Model.Run, open.Model.Checkpoint, lane.Device),
            cancellationToken);
        var worker = new AnnealWorker(open.Lanes, model, TimeProvider.System);
        return await new LikelihoodEstimate(new LocalAnnealWorkers(worker)).Run(call, progress, cancellationToken);
    }

    public async Task<LongRunPiece> Continue(LongRunCall call, float[] states)
    {
        var open = await Open(call.Round);
        var (reply, after) = await new LongRun(open.Lanes).Continue(open.Model, call, states);
        return new LongRunPiece(reply, after);
    }

    public ValueTask DisposeAsync()
    {
        _open?.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Opens the checkpoint of the first call; all calls of a command name the same round.</summary>
    private async Task<OpenModel> Open(long? round) => _open ??= await OpenModel.Open(files, id, round);
}
