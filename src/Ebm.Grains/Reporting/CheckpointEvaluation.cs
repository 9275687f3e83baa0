using System.Globalization;
using System.Text.Json;
using Ebm.Contracts.Epochs;
using Ebm.Contracts.Runs;
using Ebm.Core;
using Ebm.Core.Evaluation;
using Ebm.Core.Likelihood;
using Ebm.Core.Spec;
using Ebm.Grains.Devices;
using Ebm.Grains.Epochs;
using Ebm.Grains.Models;
using Ebm.Grains.Models.Likelihood;
using Ebm.Grains.Runs;
using Ebm.Grains.Stores;

namespace Ebm.Grains.Reporting;

/// <summary>A checkpoint that was to be evaluated is gone or altered; it has to be made again.</summary>
internal sealed class EvaluatedCheckpointLostException(int attempt, long round, Exception cause)
    : Exception($"the checkpoint of round {round}, which is evaluated, is gone or altered ({cause.Message})", cause)
{
    public int Attempt => attempt;

    public long Round => round;
}

/// <summary>
/// Evaluates a run's checkpoints: a function of checkpoint and spec. Annealing is done on the cluster's silos, behind
/// training.
/// </summary>
internal sealed class CheckpointEvaluation(
    ServerStart start, RunContext run, ICheckpointStore checkpoints, IRunJournal journal, RunReporter reporter,
    DeviceLanes lanes,
    IGrainFactory grains, TimeProvider time)
{
    private readonly EvaluationSpec _spec = run.Spec.Evaluation;

    /// <summary>Evaluates a checkpoint, writes the figures and tells them.</summary>
    /// <exception cref="EvaluatedCheckpointLostException">It cannot be read.</exception>
    /// <exception cref="EbmException">Its energies are not finite where chains go.</exception>
    public async Task<IReadOnlyDictionary<string, double>> Of(
        int attempt, long round, CancellationToken cancellationToken)
    {
        try
        {
            var figures = await Figures(attempt, round);
            if (_spec.Likelihood == LikelihoodMethod.Ais)
            {
                var session = string.Create(
                    CultureInfo.InvariantCulture, $"{start.Run.SpecDigest[..12]}-{attempt}-{round}");
                var workers = new ClusterAnnealWorkers(
                    grains, run.Id, start.Run.Needs, session,
                    ask => CallRetry.Call(ask, time, (_, _) => { }, cancellationToken));
                var call = LikelihoodEstimate.CallOf(_spec.Ais, run.Spec.Seed, attempt, round);
                var bracket = await new LikelihoodEstimate(workers).Run(call, _ => { }, cancellationToken);
                foreach (var (name, value) in LikelihoodMetrics.Of(bracket, figures))
                {
                    figures[name] = value;
                }

                foreach (var words in LikelihoodMetrics.InWords(bracket, figures))
                {
                    reporter.Event(RunEventKind.Evaluation, round, words);
                }
            }

            await Write(round, figures);
            return figures;
        }
        catch (InputException e)
        {
            throw new EvaluatedCheckpointLostException(attempt, round, e);
        }
    }

    /// <summary>Writes the figures of a round, and tells them.</summary>
    public async Task Write(long round, IReadOnlyDictionary<string, double> figures)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"evaluation-{round:D6}.json");
        await journal.WriteArtefact(
            run.Id, start.Epoch, name, JsonSerializer.SerializeToUtf8Bytes(figures, MetricsJson.Page));
        reporter.Event(RunEventKind.Artefact, round, name);
        foreach (var (figure, value) in figures)
        {
            reporter.Event(
                RunEventKind.Evaluation, round,
                string.Create(CultureInfo.InvariantCulture, $"{figure} {value:0.####}"));
        }
    }

    private async Task<SortedDictionary<string, double>> Figures(int attempt, long round)
    {
        var checkpoint = await checkpoints.Read(run.Id, round, attempt);
        return await lanes.Run(run.Id, lane =>
        {
            using var model = CheckpointModel.Of(run, checkpoint, lane.Device);
            return ModelMetrics.Of(run.Energy, model.Parameters, run.Data, run.Spec, lane.Noise);
        });
    }
}
