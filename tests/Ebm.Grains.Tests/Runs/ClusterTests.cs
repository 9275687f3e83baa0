using Ebm.Contracts.Chains;
using Ebm.Contracts.Epochs;
using Ebm.Contracts.Runs;
using Ebm.Core;
using Ebm.Core.Spec;

namespace Ebm.Grains.Tests.Runs;

public sealed class ClusterTests(LongReference reference) : IClassFixture<LongReference>
{
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Submit_ToSeveralSilos_SameHashesAsOnOne(int silos)
    {
        await using var cluster = await TestCluster.Start(silos);
        Assert.Equal(reference.Hashes, (await cluster.Run("a").Complete(Specs.Long)).Hashes());
    }

    [Theory]
    [InlineData(Victim.Server)]
    [InlineData(Victim.Chain)]
    [InlineData(Victim.Run)]
    public async Task Kill_MidRun_EndsWithTheSameHashes(Victim victim)
    {
        await using var cluster = await TestCluster.Start(3);
        await cluster.Run("a").Submit(RunCalls.Submission(Specs.Long));
        await cluster.Run("a").Until(s => s.Round >= 30);
        await cluster.KillSiloOf(Of(cluster, victim));
        Assert.Equal(reference.Hashes, (await cluster.Run("a").End()).Hashes());
    }

    [Fact]
    public async Task Stop_OfTheSilosOneByOne_EndsWithTheSameHashes()
    {
        await using var cluster = await TestCluster.Start(2);
        await cluster.Run("a").Submit(RunCalls.Submission(Specs.Long));
        await cluster.Run("a").Until(s => s.Round >= 20);
        await cluster.AddSilo();
        await cluster.StopSiloOf(Of(cluster, Victim.Chain));
        await cluster.Run("a").Until(s => s.Round >= 40);
        await cluster.StopSiloOf(Of(cluster, Victim.Server));
        Assert.Equal(reference.Hashes, (await cluster.Run("a").End()).Hashes());
    }

    [Fact]
    public async Task Pull_ByOtherSilos_OncePerVersionAndSilo()
    {
        // 5 MB of parameters: two blocks a version.
        var spec = Specs.Mlp with
        {
            Energy = new MlpSpec { Hidden = [1120, 1120] },
            Sampler = new LangevinSpec { Steps = 1, StepSize = 0.1, Noise = 0.1, Range = [-4, 4] },
            Negatives = Specs.Mlp.Negatives with { Chains = 64 * 6, Shards = 6 },
            Learning = Specs.Mlp.Learning with { Rounds = 2, Batch = 64 },
        };
        var counter = new CallCounter();
        await using var cluster = await TestCluster.Start(3, counter);
        (await cluster.Run("a").Complete(spec)).Hashes();

        var parameters = (2L * 1120) + 1120 + (1120 * 1120) + 1120 + 1120 + 1;
        Assert.All(counter.Pulled.Values, pulled =>
        {
            // A version goes to the silos without the server, if they have shards at all.
            Assert.InRange(pulled.Pulls, 2, 4);
            Assert.Equal(0, pulled.Pulls % 2);
            Assert.InRange(pulled.Bytes, 1, pulled.Pulls / 2 * 4 * parameters * 1.01);
        });
    }

    [Fact]
    public async Task Submit_OfAnotherSpecUnderTheId_ArrivesAsInputExceptionWithItsMessage()
    {
        await using var cluster = await TestCluster.Start(2);
        await cluster.Run("a").Complete(Specs.Mlp);
        var e = await Assert.ThrowsAsync<InputException>(() => cluster.Run("a").Submit(RunCalls.Submission(Specs.Rbm)));
        Assert.StartsWith("run 'a' exists already with another spec", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Submit_OfDataThatIsNotThere_FailsWithThePath()
    {
        await using var cluster = await TestCluster.Start(2);
        var failed = await cluster.Run("a")
            .Complete(Specs.Mlp with { Data = new CsvDataSpec { Path = "/nowhere/rows.csv" } });
        Assert.Equal(RunState.Failed, failed.State);
        Assert.Contains("/nowhere/rows.csv", failed.Reason, StringComparison.Ordinal);
    }

    public enum Victim
    {
        Server,
        Chain,
        Run,
    }

    private static IAddressable Of(TestCluster cluster, Victim victim) => victim switch
    {
        Victim.Server => cluster.Grains.GetGrain<IParameterServerGrain>("a"),
        Victim.Chain => cluster.Grains.GetGrain<IChainGrain>(new ShardKey("a", 1).ToString()),
        _ => cluster.Run("a"),
    };
}

/// <summary>The long run's hashes on one embedded silo.</summary>
public sealed class LongReference : IAsyncLifetime
{
    internal (long, string, string) Hashes { get; private set; }

    public async ValueTask InitializeAsync()
    {
        using var home = new TempHome();
        await using var silo = await Embedded.Start(home.Path);
        Hashes = (await silo.Run("reference").Complete(Specs.Long)).Hashes();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
