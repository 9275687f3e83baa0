using System.Runtime.InteropServices;
using Ebm.Client.Remote;
using Ebm.Contracts.Models;
using Ebm.Contracts.Placement;
using Ebm.Contracts.Runs;

namespace Ebm.Client.Models;

/// <summary>A run of a cluster, computed by a silo that meets the run's needs.</summary>
internal sealed class RemoteModel : ITrainedModel
{
    private const int Tries = 3;

    private readonly ClusterConnection _cluster;
    private readonly RunStatus _status;

    private RemoteModel(ClusterConnection cluster, RunStatus status) => (_cluster, _status) = (cluster, status);

    private RunNeeds Needs => _status.Needs ?? new RunNeeds("cpu");

    /// <summary>Connects to the cluster.</summary>
    /// <exception cref="Runs.NotFoundException">There is no such run.</exception>
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
        var named = call with { ClampFile = Path.GetFileName(call.ClampFile) };
        var (reply, values, picture) = await Ask(call.ClampFile, session => session.Sample(named));
        return new Samples(reply.Round, reply.Steps, values, picture, reply.IsText);
    }

    public async Task<Scores> Score(ScoreCall call)
    {
        await CheckCheckpoint(call.Round);
        var named = call with { File = Path.GetFileName(call.File) };
        var (reply, values, _) = await Ask(call.File, session => session.Score(named));
        return new Scores(reply.Round, values);
    }

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    private async Task CheckCheckpoint(long? round)
    {
        var there = (await new RemoteRun(_cluster, _status.Id).Details()).Checkpoints;
        if (there.Count == 0 || (round is not null && there.All(c => c.Round != round)))
        {
            throw new Runs.NotFoundException(Runs.MissingCheckpoint.Text(_status.Id, round, there.Select(c => c.Round)));
        }
    }

    /// <summary>
    /// A session's file and result live in its silo alone. Where that is lost, everything is done again in another session.
    /// </summary>
    private async Task<(ModelReply, float[] Values, byte[] Picture)> Ask(string? file, Func<IModelGrain, Task<ModelReply>> ask)
    {
        var content = file is null ? null : SentFile.Read(file);
        for (var (attempt, pauses) = (1, new Pauses()); ; attempt++)
        {
            try
            {
                Needs.Attach();
                var session = new ModelSession(_cluster.Grains, _status.Id);
                await session.Put(content);
                var reply = await ask(session.Grain);
                var result = await session.Take(reply.ValueBytes + reply.PictureBytes);
                var values = MemoryMarshal.Cast<byte, float>(result.AsSpan(0, (int)reply.ValueBytes)).ToArray();
                return (reply, values, result[(int)reply.ValueBytes..]);
            }
            catch (Exception e) when (Trouble.Is(e))
            {
                if (attempt == Tries)
                {
                    throw new UnreachableException(
                        $"no silo of the cluster {_cluster.Name} did it in {Tries} tries: {Trouble.Brief(e)}. It takes a silo with "
                        + $"lanes on {Needs.Device}; `./ebm cluster status{_cluster.Name.Suffix}` shows the silos.", e);
                }
            }

            await Task.Delay(pauses.Next(), TimeProvider.System);
        }
    }
}
