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
using Ebm.RunFolders;
using Ebm.RunFolders.Checkpoints;
using Ebm.Silo;
using Microsoft.Extensions.DependencyInjection;
using static TorchSharp.torch;

namespace Ebm.Client.Benchmarks;

/// <summary>The end of a run of the suite.</summary>
/// <param name="Status">The run's last status.</param>
/// <param name="LogLikelihood">
/// Exact log-likelihood of the test rows, in nats a row; null if the run failed, or if the density has no integral.
/// </param>
/// <param name="Seconds">Wall-clock time, in seconds.</param>
internal sealed record FaultRunEnd(RunStatus Status, double? LogLikelihood, double Seconds);

/// <summary>Runs of the suite: each in a temporary folder, which is deleted at the end.</summary>
internal static class FaultRun
{
    private const string Id = "run";
    private const float WrongScale = 1000;

    /// <summary>
    /// Trains a spec. The data batch of <paramref name="faultyRound"/> in the first attempt is corrupted; 0 is none.
    /// </summary>
    public static async Task<FaultRunEnd> Train(RunSpec spec, int faultyRound, int lanes)
    {
        var home = Directory.CreateTempSubdirectory("ebm-recovery-").FullName;
        try
        {
            var started = TimeProvider.System.GetTimestamp();
            using var host = EmbeddedSilo.Build(new EmbeddedOptions
            {
                Home = home, Lanes = new LaneOptions { Lanes = lanes, Device = "cpu" },
            });
            await host.StartAsync();
            if (faultyRound > 0)
            {
                // The effect of a wrong scale in a data file.
                host.Services.GetRequiredService<FaultPoints>().CorruptBatch =
                    (_, attempt, round) => (attempt, round) == (0, faultyRound) ? rows => rows.mul_(WrongScale) : null;
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
            return new FaultRunEnd(status, likelihood, TimeProvider.System.GetElapsedTime(started).TotalSeconds);
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
        using var state = TrainerTensors.Restore(
            new CheckpointDirectory(Path.Combine(home, Id, RunLayout.Checkpoints)).Latest()!, lane.Device);
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
