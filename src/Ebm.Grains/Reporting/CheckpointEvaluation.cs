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
using Ebm.RunFolders;

namespace Ebm.Grains.Reporting;

/// <summary>A checkpoint that is being evaluated is missing or altered; its rounds have to be computed again.</summary>
internal sealed class EvaluatedCheckpointLostException(int attempt, RewindCause cause, Exception inner)
    : Exception(cause.ToString(), inner)
{
    /// <summary>The checkpoint's attempt.</summary>
    public int Attempt => attempt;

    /// <summary>The checkpoint's round and the store's error.</summary>
    public RewindCause Cause => cause;
}

/// <summary>
/// Evaluates a run's checkpoints. The metrics are a function of checkpoint and spec. The cluster's silos anneal beside
/// training.
/// </summary>
internal sealed class CheckpointEvaluation(
    ServerStart start, RunContext run, ICheckpointStore checkpoints, IRunJournal journal, RunReporter reporter,
    DeviceLanes lanes, IGrainFactory grains, TimeProvider time)
{
    private readonly EvaluationSpec _spec = run.Spec.Evaluation;

    /// <summary>Evaluates a checkpoint, and writes and reports its metrics.</summary>
    /// <exception cref="EvaluatedCheckpointLostException">The checkpoint cannot be read.</exception>
    /// <exception cref="EbmException">Energies along the chains are not finite.</exception>
    public async Task<IReadOnlyDictionary<string, double>> Evaluate(
        int attempt, long round, CancellationToken cancellationToken)
    {
        try
        {
            var metrics = await MeasureModel(attempt, round);
            if (_spec.Likelihood == LikelihoodMethod.Ais)
            {
                await EstimateLikelihood(attempt, round, metrics, cancellationToken);
            }

            await Write(round, metrics);
            return metrics;
        }
        catch (InputException e)
        {
            var cause = new RewindCause { Reason = RewindReason.CheckpointLost, Round = round, Problem = e.Message };
            throw new EvaluatedCheckpointLostException(attempt, cause, e);
        }
    }

    /// <summary>Writes the metrics of a round, and reports them.</summary>
    public async Task Write(long round, IReadOnlyDictionary<string, double> metrics)
    {
        var name = RunLayout.Evaluation(round);
        var json = JsonSerializer.SerializeToUtf8Bytes(metrics, MetricsJson.Page);
        await journal.WriteArtefact(run.Id, start.Epoch, name, json);
        reporter.RecordFile(round, name);
        foreach (var (metric, value) in metrics)
        {
            var e = new RunEvent(0, RunEventKind.Evaluation, round) { Metric = new MetricValue(metric, value) };
            reporter.Record(e);
        }
    }

    private async Task<SortedDictionary<string, double>> MeasureModel(int attempt, long round)
    {
        var checkpoint = await checkpoints.Read(run.Id, round, attempt);
        return await lanes.Run(run.Id, lane =>
        {
            using var model = CheckpointModel.Of(run, checkpoint, lane.Device);
            return ModelMetrics.Of(run.Energy, model.Parameters, run.Data, run.Spec, lane.Noise);
        });
    }

    private async Task EstimateLikelihood(
        int attempt, long round, SortedDictionary<string, double> metrics, CancellationToken cancellationToken)
    {
        var session = string.Create(CultureInfo.InvariantCulture, $"{start.Run.SpecDigest[..12]}-{attempt}-{round}");
        var workers = new ClusterAnnealWorkers(
            grains,
            run.Id,
            start.Run.Needs,
            session,
            ask => CallRetry.Call(ask, time, _ => { }, cancellationToken));
        var call = LikelihoodEstimate.CallOf(_spec.Ais, run.Spec.Seed, attempt, round);
        var bracket = await new LikelihoodEstimate(workers).Run(call, _ => { }, cancellationToken);
        foreach (var (name, value) in LikelihoodMetrics.Of(bracket, metrics))
        {
            metrics[name] = value;
        }

        foreach (var words in LikelihoodMetrics.InWords(bracket, metrics))
        {
            reporter.Record(new RunEvent(0, RunEventKind.Evaluation, round, words));
        }
    }
}
