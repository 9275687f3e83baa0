using Ebm.Configuration.Reading;
using Ebm.Contracts.Runs;
using Ebm.Core.Spec;
using Ebm.Grains.Devices;
using Ebm.Silo;
using Microsoft.Extensions.DependencyInjection;

namespace Ebm.Grains.Tests.Runs;

public sealed class EmbeddedRunTests : IDisposable
{
    private readonly string _home = Directory.CreateTempSubdirectory("ebm-").FullName;

    [Fact]
    public async Task Submit_ToyMlp_Succeeds()
    {
        var spec = new RunSpec
        {
            Name = "toy",
            Data = new ToyDataSpec { Density = ToyDensity.TwoMoons, Count = 1000 },
            Energy = new MlpSpec { Hidden = [32] },
            Sampler = new LangevinSpec { Steps = 5, StepSize = 0.1, Noise = 0.1 },
            Negatives = new NegativesSpec { Chains = 150, Slots = 400, Reinitialise = 0.1 },
            Learning = new LearningSpec { Rounds = 20, Batch = 100, Lag = 1 },
            Output = new OutputSpec { CheckpointEvery = 7, SamplesEvery = 10 },
        };
        using var host = EmbeddedSilo.Build(
            new EmbeddedOptions { Home = _home, Lanes = new LaneOptions { Lanes = 2, Device = "cpu" } });
        await host.StartAsync(TestContext.Current.CancellationToken);
        var grain = host.Services.GetRequiredService<IGrainFactory>().GetGrain<IRunGrain>("toy-1");
        var status = await grain.Submit(new RunSubmission(SpecJson.Write(spec), SpecJson.Digest(spec)));
        while (status.State is RunState.Running or RunState.Pending)
        {
            status = (await grain.Events(status.LastEvent, TestContext.Current.CancellationToken)).Status;
        }

        Assert.True(status.State == RunState.Succeeded, status.Reason);
        Assert.Equal(20, status.Result!.Round);
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    public void Dispose() => Directory.Delete(_home, recursive: true);
}
