using Ebm.Contracts;
using Ebm.Contracts.Likelihood;
using Ebm.Contracts.Placement;
using Ebm.Core.Likelihood;
using Ebm.Core.Spec;
using Ebm.Grains.Admission;
using Ebm.Grains.Devices;
using Ebm.Grains.Models.Likelihood;
using Ebm.Grains.Runs;
using Ebm.Grains.Stores;
using Ebm.Grains.Tests.Runs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Ebm.Grains.Tests.Models.Likelihood;

public sealed class LikelihoodEstimateTests : IAsyncLifetime
{
    private static readonly AisSpec Settings = new() { Chains = 144, Temperatures = 80, Sweeps = 60, Copies = 8 };

    private readonly TempHome _home = new();
    private Embedded _silo = null!;

    public async ValueTask InitializeAsync()
    {
        _silo = await Embedded.Start(_home.Path);
        (await _silo.Run("rbm").Complete(Specs.Rbm)).Hashes();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Run_OnLanesHereAndByGrains_IsTheSame(int lanes)
    {
        var call = LikelihoodEstimate.CallOf(Settings, 5, 0, 12);
        var shares = new List<double>();

        var here = await Here(lanes, call, share =>
        {
            lock (shares)
            {
                shares.Add(share);
            }
        });
        var there = await new LikelihoodEstimate(Grains("one"))
            .Run(call, _ => { }, TestContext.Current.CancellationToken);

        Assert.Equal(here.Forward, there.Forward);
        Assert.Equal(here.Reverse, there.Reverse);
        Assert.Equal(here.Convergence, there.Convergence);
        Assert.Equal((here.BaseLogZ, here.Method), (there.BaseLogZ, there.Method));
        Assert.Equal(1, shares.Max());
    }

    [Fact]
    public async Task Run_WithAnotherSeed_IsAnother()
    {
        var one = await Here(2, LikelihoodEstimate.CallOf(Settings, 5, 0, 12), _ => { });
        var other = await Here(2, LikelihoodEstimate.CallOf(Settings, 6, 0, 12), _ => { });

        Assert.NotEqual(one.Forward, other.Forward);
        Assert.NotEqual(one.Reverse, other.Reverse);
    }

    [Fact]
    public async Task Run_ThatIsGivenUp_EndsSoon()
    {
        var call = LikelihoodEstimate.CallOf(Settings with { Temperatures = 5_000_000 }, 5, 0, 12);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var work = Here(2, call, share => stop.Cancel(), stop.Token);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => work.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Work_OfABadCall_IsRefused()
    {
        var call = LikelihoodEstimate.CallOf(Settings, 5, 0, 12);
        foreach (var bad in new[]
        {
            call with { Chains = 150 }, call with { Temperatures = 0 }, call with { Copies = 0 },
            call with { Part = AnnealPart.Back },
            call with { Block = 3 },
        })
        {
            await Assert.ThrowsAsync<MalformedMessageException>(() => Grains("bad")
                .Do(bad, 0, (_, _) => { }, TestContext.Current.CancellationToken));
        }
    }

    private async Task<LogZBracket> Here(
        int lanes, AnnealCall call, Action<double> progress, CancellationToken? stop = null)
    {
        var description = await _silo.Run("rbm").Describe();
        var checkpoint = await _silo.Services.GetRequiredService<ICheckpointStore>().Read("rbm", 12);
        using var own = new DeviceLanes(Options.Create(new LaneOptions { Device = "cpu", Lanes = lanes }));
        var run = await new RunContexts(own, RunLimits.None).Get(description!);
        using var model = await own.Run(run.Id, lane => AnnealedModel.Of(run, checkpoint, lane.Device));
        var workers = new LocalAnnealWorkers(new AnnealWorker(own, model, TimeProvider.System));
        return await new LikelihoodEstimate(workers).Run(call, progress, stop ?? TestContext.Current.CancellationToken);
    }

    private ClusterAnnealWorkers Grains(string session) => new(
        _silo.Services.GetRequiredService<IGrainFactory>(), "rbm", new RunRequirements("cpu"), session, ask => ask());

    public async ValueTask DisposeAsync()
    {
        await _silo.DisposeAsync();
        _home.Dispose();
    }
}
