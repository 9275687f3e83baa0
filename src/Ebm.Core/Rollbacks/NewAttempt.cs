using Ebm.Core.Checkpoints;
using Ebm.Core.Energies;
using Ebm.Core.Plans;
using Ebm.Core.Randomness;
using Ebm.Core.Recovery;
using Ebm.Core.Spec;
using static TorchSharp.torch;

namespace Ebm.Core.Rollbacks;

/// <summary>
/// Creates the checkpoint that an attempt starts from. Storing it is the rollback: before that the run is in the
/// previous attempt; afterwards every server finds it as the newest checkpoint. A pure function.
/// </summary>
internal sealed class NewAttempt(RunSpec spec, IEnergy energy, RunawayChains runaways, IReadOnlyList<ShardPlan> plan)
{
    /// <summary>Creates the checkpoint.</summary>
    /// <param name="healthy">The checkpoint to roll back to.</param>
    /// <param name="attempt">The attempt that diverged.</param>
    /// <param name="before">The rollbacks before, in order.</param>
    /// <param name="violation">The violated limit.</param>
    /// <param name="noise">Noise for the device.</param>
    /// <param name="device">The device to compute on.</param>
    public Checkpoint Begin(
        Checkpoint healthy,
        int attempt,
        IReadOnlyList<RollbackRecord> before,
        LimitViolation violation,
        INoise noise,
        Device device)
    {
        using var scope = NewDisposeScope();
        var next = attempt + 1;
        using var state = TrainerTensors.Restore(healthy, device);
        using var parameters = new Parameters(energy.Layout, state.Parameters.alias());
        var key = RandomKey.Derive(spec.Seed, Purpose.FreshStates, next, healthy.Round);
        var (slots, replaced) = healthy.Slots.Count == 0 || healthy.Round == 0
            ? (healthy.Slots, 0)
            : runaways.Replace(parameters, healthy.Slots, plan, key, noise);
        return healthy with
        {
            Attempt = next,
            AttemptBase = healthy.Round,
            Scheduled = true,
            Versions = new Dictionary<long, ReadOnlyMemory<byte>> { [healthy.Round] = healthy.Versions[healthy.Round] },
            Trainer = TrainerTensors.Capture(state, versions: 1),
            Slots = slots,
            Rollbacks = [.. before, new RollbackRecord(next, healthy.Round, violation, replaced)],
        };
    }
}
