using Ebm.Data.Generated;
using Ebm.Configuration.Reading;
using Ebm.Contracts.Runs;
using Ebm.Core.Checkpoints;
using Ebm.Core.Datasets;
using Ebm.Core.Energies;
using Ebm.Core.Evaluation;
using Ebm.Core.Registry;
using Ebm.Core.Spec;
using Ebm.Core.States;
using Ebm.Data.Loading;
using Ebm.Grains.Devices;
using Ebm.Grains.Faults;
using Ebm.RunFolders.Checkpoints;
using Ebm.Silo;
using Microsoft.Extensions.DependencyInjection;
using static TorchSharp.torch;

namespace Ebm.Client.Benchmarks;

/// <summary>How a run of the suite ended.</summary>
/// <param name="Status">The run.</param>
/// <param name="LogLikelihood">Exact log-likelihood of the test rows, nats a row; null where it failed, or where there
/// is none.</param>
/// <param name="Seconds">Time that it took.</param>
internal sealed record FaultRunEnd(RunStatus Status, double? LogLikelihood, double Seconds);

/// <summary>Runs of the suite: each from beginning to end in a folder of its own that goes with it.</summary>
internal static class FaultRun
{
    private const string Id = "run";
    private const float Garbage = 1000;

    /// <summary>Trains a spec, with the data batch of one round of the first attempt spoilt if that is not 0.</summary>
    public static async Task<FaultRunEnd> Train(RunSpec spec, int spoiltRound, int lanes)
    {
        var home = Directory.CreateTempSubdirectory("ebm-recovery-").FullName;
        try
        {
            var begun = TimeProvider.System.GetTimestamp();
            using var host = EmbeddedSilo.Build(
                new EmbeddedOptions { Home = home, Lanes = new LaneOptions { Lanes = lanes, Device = "cpu" } });
            await host.StartAsync();
            if (spoiltRound > 0)
            {
                // What a wrong scale in a file would look like.
                host.Services.GetRequiredService<FaultPoints>().SpoilBatch =
                    (_, attempt, round) => (attempt, round) == (0, spoiltRound) ? rows => rows.mul_(Garbage) : null;
            }

            var run = host.Services.GetRequiredService<IGrainFactory>().GetGrain<IRunGrain>(Id);
            var status = await run.Submit(new RunSubmission(SpecJson.Write(spec), SpecJson.Digest(spec)));
            for (var after = 0L; status.IsUnfinished; after = status.LastEvent)
            {
                status = (await run.Events(after, CancellationToken.None)).Status;
            }

            var likelihood = status.State == RunState.Succeeded
                ? await host.Services.GetRequiredService<DeviceLanes>()
                    .Run(Id, lane => LogLikelihood(spec, status, home, lane))
                : null;
            await host.StopAsync();
            return new FaultRunEnd(status, likelihood, TimeProvider.System.GetElapsedTime(begun).TotalSeconds);
        }
        finally
        {
            Directory.Delete(home, recursive: true);
        }
    }

    private static double? LogLikelihood(RunSpec spec, RunStatus status, string home, Lane lane)
    {
        if (status.Result!.Evaluation.TryGetValue("logLikelihood.test", out var exact))
        {
            return exact;
        }

        using var scope = NewDisposeScope();
        var data = DatasetLoader.Load(spec.Data, spec.Seed);
        var energy = EnergyFactory.Create(spec.Energy, data, CouplingsFile.Read);
        using var state = TrainerTensors.Restore(new CheckpointDirectory(Path.Combine(home, Id, "checkpoints"))
            .Latest()!, lane.Device);
        using var parameters = new Parameters(energy.Layout, (state.Average ?? state.Parameters).alias());
        var rows = PositiveBatch.EvaluationRows(
            data, DataPart.Test, 0, data.Test.Count, spec.Seed, lane.Noise, lane.Device);
        var range = spec.Sampler.KeptRange()!;
        try
        {
            return GridLikelihood.Mean(energy, parameters, rows, range[0], range[1]);
        }
        catch (Core.EbmException)
        {
            return null;
        }
    }
}
