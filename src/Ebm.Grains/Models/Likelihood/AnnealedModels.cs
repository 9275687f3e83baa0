using Ebm.Contracts.Runs;
using Ebm.Grains.Devices;
using Ebm.Grains.Runs;
using Ebm.Grains.Stores;

namespace Ebm.Grains.Models.Likelihood;

/// <summary>
/// A silo's models under estimation: one of each checkpoint, shared by all parts that are done here, gone with the
/// last.
/// </summary>
internal sealed class AnnealedModels(RunContexts contexts, ICheckpointStore checkpoints, DeviceLanes lanes)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Run, string Spec, int Attempt, long Round), AnnealedModelLease> _leases = [];

    /// <summary>The model of a checkpoint, to be given back; what loading it throws is thrown by its task.</summary>
    public AnnealedModelLease Lease(RunDescription description, int attempt, long round)
    {
        var key = (description.Id, description.SpecDigest, attempt, round);
        lock (_gate)
        {
            if (!_leases.TryGetValue(key, out var lease))
            {
                _leases.Add(key, lease = new AnnealedModelLease(
                    Load(description, attempt, round), shared => Return(key, shared)));
            }

            lease.Users++;
            return lease;
        }
    }

    private async Task<AnnealedModel> Load(RunDescription description, int attempt, long round)
    {
        var run = await contexts.Get(description);
        var checkpoint = await checkpoints.Read(description.Id, round, attempt);
        return await lanes.Run(run.Id, lane => AnnealedModel.Of(run, checkpoint, lane.Device));
    }

    private void Return((string, string, int, long) key, AnnealedModelLease lease)
    {
        lock (_gate)
        {
            if (--lease.Users > 0)
            {
                return;
            }

            _leases.Remove(key);
        }

        _ = Free(lease.Model);
    }

    private static async Task Free(Task<AnnealedModel> model)
    {
        try
        {
            (await model).Dispose();
        }
        catch (Exception)
        {
            // Its callers have the error already.
        }
    }
}

/// <summary>A share in a model.</summary>
internal sealed class AnnealedModelLease(Task<AnnealedModel> model, Action<AnnealedModelLease> giveBack) : IDisposable
{
    /// <summary>The model.</summary>
    public Task<AnnealedModel> Model => model;

    /// <summary>Shares that are out; the cache's.</summary>
    public int Users { get; set; }

    /// <summary>Gives the share back.</summary>
    public void Dispose() => giveBack(this);
}
