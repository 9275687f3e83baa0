using Ebm.Contracts.Runs;
using Ebm.Core;
using Ebm.Core.Checkpoints;
using Ebm.Core.Datasets;
using Ebm.Core.Energies;
using Ebm.Core.Learning;
using Ebm.Core.Randomness;
using Ebm.Grains.Devices;
using Ebm.Grains.Runs;
using Ebm.Grains.Stores;
using TorchSharp;

namespace Ebm.Grains.Epochs;

/// <summary>Loads the trainer's state from a checkpoint, or makes that of version 0.</summary>
internal sealed class TrainerStateLoader(ICheckpointStore checkpoints, DeviceLanes lanes)
{
    /// <summary>The trainer's state, and the versions that coming rounds sample from. The caller owns both.</summary>
    /// <param name="run">The run.</param>
    /// <param name="lineage">The run whose parameters are version 0; null for initial ones.</param>
    /// <param name="latest">The checkpoint; null for version 0.</param>
    public async Task<(TrainerState State, Dictionary<long, Parameters> Versions)> Load(
        RunContext run, Lineage? lineage, Checkpoint? latest)
    {
        var initial = latest is null ? await LoadInitial(run, lineage) : null;
        return await lanes.Run(run.Id, lane =>
        {
            if (latest is null)
            {
                using var flat = initial;
                var fresh = run.Trainer.Initialise(flat!, DatasetStatistics.Of(run.Data), lane.Device);
                var first = Share(run, fresh.Parameters, fresh.TuningOf(0));
                return (fresh, new Dictionary<long, Parameters> { [0] = first });
            }

            var restored = TrainerTensors.Restore(latest, lane.Device);
            return (restored, latest.Versions.Keys.ToDictionary(
                version => version,
                version => Share(
                    run, TrainerTensors.Parameters(latest, version, lane.Device), restored.TuningOf(version))));
        });
    }

    /// <summary>Parameters with their views, over the memory of <paramref name="flat"/> [layout.Length].</summary>
    public static Parameters Share(RunContext run, torch.Tensor flat, IReadOnlyList<double> tuning) =>
        new(run.Energy.Layout, flat.alias(), tuning);

    /// <summary>
    /// Version 0 [layout.Length] on the CPU: drawn with the run's key, or the parameters of the run that it descends
    /// from. The caller owns the tensor.
    /// </summary>
    /// <exception cref="InputException">
    /// The other run's parameters have another size, or their digest has changed.
    /// </exception>
    private async Task<torch.Tensor> LoadInitial(RunContext run, Lineage? lineage)
    {
        if (lineage is null)
        {
            var key = RandomKey.Derive(run.Spec.Seed, Purpose.InitialParameters, 0, 0);
            return await lanes.Run(
                run.Id, _ => run.Energy.Initialise(key, DatasetStatistics.Of(run.Data)).DetachFromDisposeScope());
        }

        var origin = $"run '{lineage.Run}', round {lineage.Round}";
        var checkpoint = await checkpoints.Read(lineage.Run, lineage.Round);
        if (StateDigest.OfParameters(checkpoint) != lineage.ParametersSha256)
        {
            throw new InputException(
                $"the parameters of {origin} have changed since this run began; start a new run from them.");
        }

        var elements = checkpoint.Versions[lineage.Round].Length / sizeof(float);
        return elements == run.Energy.Layout.Length
            ? await lanes.Run(run.Id, _ =>
                TrainerTensors.Parameters(checkpoint, lineage.Round, torch.CPU).DetachFromDisposeScope())
            : throw new InputException(
                $"{origin} has {elements} parameters, this energy {run.Energy.Layout.Length}; "
                + "expected the same energy and sizes.");
    }
}
