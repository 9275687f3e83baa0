using System.Runtime.InteropServices;
using Ebm.Client.Remote;
using Ebm.Contracts.Likelihood;
using Ebm.Contracts.Models;
using Ebm.Contracts.Placement;
using Ebm.Contracts.Retries;
using Ebm.Contracts.Runs;
using Ebm.Core.Export;
using Ebm.Core.Likelihood;
using Ebm.Grains.Models.Likelihood;

namespace Ebm.Client.Models;

/// <summary>The model of a run on a cluster, computed by a silo that meets the run's requirements.</summary>
internal sealed class RemoteModel : ITrainedModel
{
    private const int Attempts = 3;

    private readonly ClusterConnection _cluster;
    private readonly RunStatus _status;

    private RemoteModel(ClusterConnection cluster, RunStatus status) => (_cluster, _status) = (cluster, status);

    private RunRequirements Requirements => _status.Needs ?? new RunRequirements("cpu");

    /// <summary>Connects to the cluster.</summary>
    /// <exception cref="Runs.NotFoundException">The run does not exist.</exception>
    public static async Task<RemoteModel> Open(ClusterName name, string id, bool verbose)
    {
        _ = RunId.Checked(id);
        var cluster = await ClusterConnection.Open(name, verbose);
        try
        {
            return new RemoteModel(cluster, await new RemoteRun(cluster, id).Status());
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    public async Task<Samples> Sample(SampleCall call)
    {
        await CheckCheckpoint(call.Round);
        var named = call with
        {
            ClampFile = Path.GetFileName(call.ClampFile), StartFile = Path.GetFileName(call.StartFile),
        };
        var (reply, result) = await Request(
            Content(call.ClampFile ?? call.StartFile), session => session.Sample(named), Length);
        return new Samples(
            reply.Round, reply.Steps, Values(result.AsSpan(0, (int)reply.ValueBytes)), reply.Rows, reply.Classes,
            result[(int)reply.ValueBytes..], reply.IsText);
    }

    public async Task<Scores> Score(ScoreCall call)
    {
        await CheckCheckpoint(call.Round);
        var named = call with { File = Path.GetFileName(call.File) };
        var (reply, result) = await Request(Content(call.File), session => session.Score(named), Length);

        // The classes of the rows, if any, follow their energies.
        var values = Values(result);
        return new Scores(
            reply.Round, values[..reply.Rows], Array.ConvertAll(values[reply.Rows..], y => (int)y), reply.Classes);
    }

    public async Task<Exported> Export(ExportCall call)
    {
        await CheckCheckpoint(call.Round);
        var (reply, result) = await Request(null, session => session.Export(call), r => r.Parts.Sum(p => p.Bytes));
        var (files, start) = (new List<ExportedFile>(), 0);
        foreach (var part in reply.Parts)
        {
            files.Add(new ExportedFile(Path.GetFileName(part.Name), result[start..(start + (int)part.Bytes)]));
            start += (int)part.Bytes;
        }

        return new Exported(reply.Round, files);
    }

    public async Task<Evaluation> Evaluate(EvaluateCall call)
    {
        await CheckCheckpoint(call.Round);
        var named = call with { Against = Path.GetFileName(call.Against) };
        var (reply, image) = await Request(
            Content(call.Against), session => session.Evaluate(named), r => r.PictureBytes);
        return new Evaluation(reply.Round, reply.Sections, image, reply.Annealing);
    }

    public Task<LogZBracket> Estimate(AnnealCall call, Action<double> progress, CancellationToken cancellationToken)
    {
        var workers = new ClusterAnnealWorkers(
            _cluster.Grains, _status.Id, Requirements, ModelSession.NewName(), _cluster.Calls.Retry);
        return new LikelihoodEstimate(workers).Run(call, progress, cancellationToken);
    }

    public async Task<LongRunPiece> Continue(LongRunCall call, float[] states)
    {
        await CheckCheckpoint(call.Round);
        var before = MemoryMarshal.AsBytes<float>(states).ToArray();
        var (reply, after) = await Request(before, session => session.Continue(call), r => r.StateBytes);
        return new LongRunPiece(reply, Values(after));
    }

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    private async Task CheckCheckpoint(long? round)
    {
        var existing = (await new RemoteRun(_cluster, _status.Id).Details()).Checkpoints;
        if (existing.Count == 0 || (round is not null && existing.All(c => c.Round != round)))
        {
            throw new Runs.NotFoundException(
                Runs.MissingCheckpoint.Text(_status.Id, round, existing.Select(c => c.Round)));
        }
    }

    private static byte[]? Content(string? file) => file is null ? null : UploadedFile.Read(file);

    private static long Length(ModelReply reply) => reply.ValueBytes + reply.PictureBytes;

    private static float[] Values(ReadOnlySpan<byte> bytes) => MemoryMarshal.Cast<byte, float>(bytes).ToArray();

    /// <summary>
    /// Computes a request in a session. The file and the result of a session are in one silo's memory; if that silo is
    /// lost, the request is repeated in a new session.
    /// </summary>
    private async Task<(TReply Reply, byte[] Result)> Request<TReply>(
        byte[]? content, Func<IModelGrain, Task<TReply>> compute, Func<TReply, long> length)
    {
        return await Retry.Call(
            Attempt, TransientErrors.Is, ClusterCalls.Backoff, CheckLimit, TimeProvider.System, CancellationToken.None);

        async Task<(TReply, byte[])> Attempt()
        {
            Requirements.Attach();
            var session = new ModelSession(_cluster.Grains, _status.Id);
            await session.Upload(content);
            var reply = await compute(session.Grain);
            return (reply, await session.Download(length(reply)));
        }
    }

    private void CheckLimit(FailedAttempt failed)
    {
        if (failed.Number == Attempts)
        {
            throw new UnreachableException(
                $"the cluster {_cluster.Name} failed {Attempts} times: {TransientErrors.Brief(failed.Failure)}. "
                + $"The request needs a silo with lanes on {Requirements.Device}. "
                + $"Check the silos: ./ebm cluster status{_cluster.Name.Suffix}",
                failed.Failure);
        }
    }
}
