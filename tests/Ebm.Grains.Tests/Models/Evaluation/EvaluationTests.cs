using System.Runtime.InteropServices;
using Ebm.Contracts;
using Ebm.Contracts.Models;
using Ebm.Contracts.Placement;
using Ebm.Core;
using Ebm.Core.Spec;
using Ebm.Grains.Admission;
using Ebm.Grains.Devices;
using Ebm.Grains.Models;
using Ebm.Grains.Models.Evaluation;
using Ebm.Grains.Runs;
using Ebm.Grains.Stores;
using Ebm.Grains.Tests.Runs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Ebm.Grains.Tests.Models.Evaluation;

public sealed class EvaluationTests(TrainedRuns runs) : IClassFixture<TrainedRuns>
{
    [Theory]
    [InlineData("rbm")]
    [InlineData("mlp")]
    public async Task Continue_InAnyPiecesOnAnyLanes_EndsInTheSameStates(string run)
    {
        using var one = await runs.Open(run, lanes: 1);
        using var three = await runs.Open(run, lanes: 3);

        var (reply, whole) = await one.LongRun.Continue(one.Model, Call(0, 7, measure: true), []);
        float[] states = [];
        var row = default(LongRunRow);
        foreach (var (from, to) in new[] { (0, 0), (0, 2), (2, 3), (3, 7) })
        {
            (var piece, states) = await three.LongRun.Continue(three.Model, Call(from, to, measure: to == 7), states);
            row = piece.Row;
        }

        Assert.Equal(whole, states);
        Assert.Equal(reply.Row, row);
        Assert.Equal(7 * one.Model.Run.Spec.Sampler.Transitions(), row!.Step);
    }

    [Fact]
    public async Task Continue_FromTheStart_BeginsAtTheGivenState()
    {
        using var open = await runs.Open("rbm", lanes: 1);

        var (reply, states) = await open.LongRun.Continue(open.Model, Call(0, 0, measure: true), []);
        var (_, other) = await open.LongRun.Continue(open.Model, Call(0, 0) with { Seed = 9 }, []);

        // Chains from data are training rows with any seed; the others are coins.
        var half = states.Length / 2;
        Assert.Equal(states[..half], other[..half]);
        Assert.NotEqual(states[half..], other[half..]);
        Assert.InRange(states[half..].Average(), 0.45f, 0.55f);
        Assert.Equal(0, reply.Row!.Step);
    }

    [Fact]
    public async Task Continue_OfStatesOfOtherChains_IsRefused()
    {
        using var open = await runs.Open("rbm", lanes: 1);

        await Assert.ThrowsAsync<InputException>(() => open.LongRun.Continue(open.Model, Call(1, 2), new float[70]));
        await Assert.ThrowsAsync<MalformedMessageException>(() => runs.Session("rbm").Continue(Call(3, 2)));
        await Assert.ThrowsAsync<MalformedMessageException>(() => runs.Session("rbm")
            .Evaluate(new EvaluateCall(null, null, 1, null, null)));
    }

    [Fact]
    public async Task Continue_ByAGrain_IsThatOfThisProcess()
    {
        using var open = await runs.Open("rbm", lanes: 1);
        var (reply, states) = await open.LongRun.Continue(open.Model, Call(0, 2, measure: true), []);
        var session = runs.Session("rbm");

        await session.Continue(Call(0, 1));
        await session.Put(await session.Take(0));
        var remote = await session.Continue(Call(1, 2, measure: true));

        Assert.Equal(reply, remote);
        Assert.Equal(MemoryMarshal.AsBytes<float>(states).ToArray(), (await session.Take(0)).Bytes.ToArray());
    }

    [Fact]
    public async Task Evaluate_ByAGrain_IsThatOfThisProcess()
    {
        using var open = await runs.Open("rbm", lanes: 2);
        var ones = Path.Combine(runs.Home, "ones.csv");
        await File.WriteAllTextAsync(
            ones, string.Concat(Enumerable.Repeat(string.Join(',', Enumerable.Repeat(1, 10)) + "\n", 30)),
            TestContext.Current.CancellationToken);
        var call = new EvaluateCall(null, ones, 100, 20, null);
        var (here, picture) = await new ModelEvaluator(open.Lanes).Evaluate(open.Model, call);
        var session = runs.Session("rbm");
        await session.Put(new ByteBlock(await File.ReadAllBytesAsync(ones, TestContext.Current.CancellationToken)));

        var there = await session.Evaluate(call with { Against = "ones.csv" });

        Assert.Equal(here.SelectMany(s => s.Figures), there.Sections.SelectMany(s => s.Figures));
        Assert.Equal(here.Select(s => s.Note), there.Sections.Select(s => s.Note));
        Assert.Empty(picture);
        string[] expected =
        [
            "energy.test", "outOfDistribution.auroc", "outOfDistribution.fpr95", "mmd.squared", "mmd.pValue",
            "nearest.samples",
            "nearest.data", "nearest.closer",
        ];
        Assert.Empty(expected.Except(here.SelectMany(s => s.Figures).Select(f => f.Name)));
    }

    [Fact]
    public async Task Evaluate_OfAKernelThatDrawsNothing_ReportsItAndGivesTheRest()
    {
        using var open = await runs.Open("jitter", lanes: 1);

        var (sections, _) = await new ModelEvaluator(open.Lanes)
            .Evaluate(open.Model, new EvaluateCall(null, null, 10, null, null));

        Assert.Equal(["energies", "samples against data", "nearest training rows"], sections.Select(s => s.Name));
        Assert.NotEmpty(sections[0].Figures);
        Assert.All(sections.Skip(1), s => Assert.True(s.Figures.Count == 0
            && s.Note.Contains("jitter", StringComparison.Ordinal)));
        await Assert.ThrowsAsync<InputException>(() => open.LongRun.Continue(open.Model, Call(0, 1), []));
    }

    private static LongRunCall Call(long from, long to, bool measure = false) =>
        new(null, null, 100, from, to, measure);
}

/// <summary>Runs that are there to be evaluated, in an embedded silo.</summary>
public sealed class TrainedRuns : IAsyncLifetime
{
    private readonly TempHome _home = new();
    private Embedded? _silo;
    private int _sessions;

    public string Home => _home.Path;

    public async ValueTask InitializeAsync()
    {
        _silo = await Embedded.Start(_home.Path);
        foreach (var (id, spec) in new Dictionary<string, RunSpec>
        {
            ["rbm"] = Specs.Rbm with { Data = (ToyDataSpec)Specs.Rbm.Data with { Test = 100 } },
            ["mlp"] = Specs.Mlp,
            ["jitter"] = Specs.Table["jitter"],
        })
        {
            (await _silo.Run(id).Complete(spec)).Hashes();
        }
    }

    /// <summary>A grain that is nobody else's.</summary>
    internal IModelGrain Session(string run)
    {
        new RunRequirements("cpu").Attach();
        return _silo!.Services.GetRequiredService<IGrainFactory>()
            .GetGrain<IModelGrain>($"{run}/{Interlocked.Increment(ref _sessions)}");
    }

    /// <summary>A run's newest model on lanes of its own.</summary>
    internal async Task<OpenRun> Open(string id, int lanes)
    {
        var description = await _silo!.Run(id).Describe();
        var checkpoint = await _silo.Services.GetRequiredService<ICheckpointStore>().Latest(id, _ => { });
        var own = new DeviceLanes(Options.Create(new LaneOptions { Device = "cpu", Lanes = lanes }));
        var run = await new RunContexts(own, RunLimits.None).Get(description!);
        return new OpenRun(own, await own.Run(id, lane => CheckpointModel.Of(run, checkpoint!, lane.Device)));
    }

    public async ValueTask DisposeAsync()
    {
        await _silo!.DisposeAsync();
        _home.Dispose();
    }
}

/// <summary>A model on lanes of its own.</summary>
internal sealed record OpenRun(DeviceLanes Lanes, CheckpointModel Model) : IDisposable
{
    public LongRun LongRun => new(Lanes);

    public void Dispose()
    {
        Model.Dispose();
        Lanes.Dispose();
    }
}
