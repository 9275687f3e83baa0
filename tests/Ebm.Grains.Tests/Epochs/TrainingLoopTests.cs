using Ebm.Contracts.Chains;
using Ebm.Contracts.Epochs;
using Ebm.Contracts.Runs;
using Ebm.Core;
using Ebm.Core.Recovery;
using Ebm.Core.Sampling;
using Ebm.Core.Spec;
using Ebm.Core.States;
using Ebm.Grains.Epochs;
using Ebm.Grains.Faults;
using Ebm.Grains.Tests.Runs;

namespace Ebm.Grains.Tests.Epochs;

/// <summary>
/// Every end of an epoch, and that the epoch after it completes the run with the state of an undisturbed one.
/// </summary>
public sealed class TrainingLoopTests : IDisposable
{
    private const int Rounds = 12, At = 7;

    // Lag 1, checkpoints at 5, 10 and the end.
    private static readonly RunSpec Spec = Specs.Mlp;

    private readonly EpochBench _bench = new(Spec);

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Run_OfAllRounds_CompletesWithEachRoundOnceAndACheckpointWhereDue()
    {
        var result = Assert.IsType<EpochResult.Completed>(await _bench.Run()).Result!;
        var checkpoints = await _bench.ListCheckpoints();
        Assert.Equal([12, 10, 5], checkpoints.Select(c => c.Round));
        Assert.Equal((Rounds, checkpoints[0].StateSha256), (result.Round, result.StateSha256));
        Assert.NotEmpty(result.Evaluation!);
        await AssertEachRoundOnce();
        Assert.Equal(
            [(5, checkpoints[2].StateSha256), (10, checkpoints[1].StateSha256), (12, checkpoints[0].StateSha256)],
            _bench.Events.Where(e => e.Kind == RunEventKind.Checkpoint).Select(e => (e.Round, e.StateSha256!)));
    }

    /// <summary>With lag 1 shards compute round 2 while version 1 is made.</summary>
    [Fact]
    public async Task Run_WithLag_SendsTheNextOrderBeforeTheUpdate()
    {
        var (asked, askedAtUpdate) = (0L, 0L);
        _bench.Answer = (_, order) =>
        {
            asked = order.Round;
            return null;
        };
        _bench.Faults.Arm(FaultPoint.AfterUpdate, (_, _) => askedAtUpdate = asked);
        await _bench.Run();
        Assert.Equal(2, askedAtUpdate);
    }

    /// <summary>
    /// Told to stop while round 7 is asked for, it ends after round 8: the first one that can have a checkpoint.
    /// </summary>
    [Fact]
    public async Task Run_StopRequestedInARound_StopsAfterTheNextWithACheckpoint()
    {
        var stop = new StopSignal();
        On(At, _ => stop.Request());
        var result = Assert.IsType<EpochResult.Stopped>(await _bench.Run(stop)).Result!;
        var newest = (await _bench.ListCheckpoints())[0];
        Assert.Equal(((long)At + 1, At + 1, newest.StateSha256), (result.Round, newest.Round, result.StateSha256));
        await AssertCompletesLikeUndisturbed();
    }

    [Fact]
    public async Task Run_StopRequestedBefore_StopsWithoutARound()
    {
        var stop = new StopSignal();
        stop.Request();
        _bench.Answer = (_, order) => throw new InvalidOperationException($"An order was sent: {order}.");
        Assert.Null(Assert.IsType<EpochResult.Stopped>(await _bench.Run(stop)).Result);
        Assert.Empty(await _bench.ListCheckpoints());
    }

    [Fact]
    public async Task Run_HandoverRequestedInARound_HandsOverAfterTheNextWithoutAnEvaluation()
    {
        var stop = new StopSignal();
        On(At, _ => stop.RequestHandover());
        Assert.Equal(new EpochResult.HandedOver(At + 1), await _bench.Run(stop));
        Assert.Equal(At + 1, (await _bench.ListCheckpoints())[0].Round);
        Assert.DoesNotContain(_bench.Events, e => e.Kind == RunEventKind.Evaluation);
        await AssertCompletesLikeUndisturbed();
    }

    [Theory]
    [InlineData(nameof(AdvanceOutcome.Gap))]
    [InlineData(nameof(AdvanceOutcome.Superseded))]
    public async Task Run_ShardAtAnotherRound_RewindsWithItsCause(string answer)
    {
        var outcome = Enum.Parse<AdvanceOutcome>(answer);
        On(At, shard => shard == 1 ? new AdvanceReply { Outcome = outcome, LastRound = 3, Problem = "why" } : null);
        var cause = new RewindCause
        {
            Reason = RewindReason.ShardOutOfStep,
            Shard = 1,
            Round = At,
            Got = 3,
            Outcome = outcome,
            Problem = "why",
        };
        Assert.Equal(new EpochResult.Rewind(cause), await _bench.Run());
        await AssertCompletesLikeUndisturbed();
    }

    [Fact]
    public async Task Run_NegativesOfAnotherVersion_RewindsWithItsCause()
    {
        var reply = new AdvanceReply { Outcome = AdvanceOutcome.Done, LastRound = At, Version = 2, Pieces = 1 };
        On(At, shard => shard == 2 ? reply : null);
        var cause = Assert.IsType<EpochResult.Rewind>(await _bench.Run()).Cause;
        Assert.Equal((2, At, At, AdvanceOutcome.Done), (cause.Shard, cause.Round, cause.Got, cause.Outcome));
        await AssertCompletesLikeUndisturbed();
    }

    [Fact]
    public async Task Run_CopyOfSlotsMissing_RewindsAndMakesTheCheckpointAgain()
    {
        // Round 6 is asked for when all shards have committed round 5, and before its checkpoint is written.
        On(6, shard => _bench.Replay.DropCopy(new ShardKey("a", shard), 1, 0, 5));
        var rewind = Assert.IsType<EpochResult.Rewind>(await _bench.Run());
        Assert.Equal(RewindReason.CorruptRecord, rewind.Cause.Reason);
        Assert.Empty(await _bench.ListCheckpoints());
        await AssertCompletesLikeUndisturbed();
    }

    [Fact]
    public async Task Run_ChainsThatAreNotFinite_DivergesBeforeTheUpdate()
    {
        On(At, shard => shard == 0 ? NotFinite() : null);
        var diverged = Assert.IsType<EpochResult.Diverged>(await _bench.Run(ended: epoch =>
        {
            Assert.Equal(At - 1, epoch.State.Version);
            return Task.CompletedTask;
        }));
        Assert.Equal((At, ViolationKind.NonFiniteChains), (diverged.Violation.Round, diverged.Violation.Kind));
        Assert.StartsWith("Round 7: 3 of ", diverged.Message, StringComparison.Ordinal);
    }

    /// <summary>The version of a round that violates a limit is never on offer.</summary>
    [Fact]
    public async Task Run_RoundThatViolatesALimit_DivergesWithoutPublishingItsVersion()
    {
        const int Diverging = 50;
        using var bench = new EpochBench(Spec with
        {
            Learning = Spec.Learning with { Rounds = 60 },
            Recovery = new RecoverySpec { Window = 5 },
        });
        bench.Faults.CorruptBatch = (_, _, round) => round == Diverging ? rows => rows.mul_(1000) : null;
        var diverged = Assert.IsType<EpochResult.Diverged>(await bench.Run(ended: async epoch =>
        {
            Assert.Equal(Diverging - 1, epoch.Protocol.State.Applied);
            Assert.True((await epoch.Versions.Pull(Diverging - 1, 0)).Found);
            Assert.False((await epoch.Versions.Pull(Diverging, 0)).Found);
        }));
        Assert.Equal((Diverging, ViolationKind.Spike), (diverged.Violation.Round, diverged.Violation.Kind));
        Assert.Equal($"Round {Diverging}: {diverged.Violation}. Training has diverged.", diverged.Message);
        Assert.Equal(Diverging - 1, (await bench.Metrics())[^1].Figures.Round);
    }

    [Fact]
    public async Task Run_ShardThatFails_ThrowsItsError()
    {
        var reply = new AdvanceReply { Outcome = AdvanceOutcome.Failed, Problem = "no memory" };
        On(At, shard => shard == 1 ? reply : null);
        var error = await Assert.ThrowsAsync<EbmException>(() => _bench.Run());
        Assert.Equal("shard 1, round 7: no memory", error.Message);
    }

    /// <summary>An outcome of an evaluation ends the run at the round at which it acts, however long it took.</summary>
    [Fact]
    public async Task Run_OutcomeThatEndsTheRun_CompletesEarly()
    {
        using var bench = new EpochBench(Specs.Rbm with
        {
            Learning = Specs.Rbm.Learning with { Rounds = 40 },
            Evaluation = new EvaluationSpec
            {
                Every = 5,
                Rows = 64,
                Stop = new StopSpec { Part = DataPart.Train, Target = -1000 },
            },
        });
        var result = Assert.IsType<EpochResult.Completed>(await bench.Run()).Result!;
        Assert.Equal(10, result.Round);
        var texts = bench.Events.Where(e => e.Kind == RunEventKind.Notice).Select(e => e.Text!);
        Assert.Contains(texts, text => text.StartsWith("ends after round 10: ", StringComparison.Ordinal));
    }

    private void On(long round, Action<int> act) => On(round, shard =>
    {
        act(shard);
        return null;
    });

    /// <summary>Replaces the answers of the first epoch to a round.</summary>
    private void On(long round, Func<int, AdvanceReply?> answer) =>
        _bench.Answer = (shard, order) => order.Epoch == 1 && order.Round == round ? answer(shard) : null;

    private static AdvanceReply NotFinite() => new()
    {
        Outcome = AdvanceOutcome.Done,
        LastRound = At,
        Version = At - 2,
        Pieces = 1,
        Figures = new ChainMetrics(64, double.NaN, double.NaN, double.NaN, double.NaN, 0, 3),
    };

    private async Task AssertCompletesLikeUndisturbed()
    {
        using var other = new EpochBench(Spec);
        var expected = Assert.IsType<EpochResult.Completed>(await other.Run()).Result!;
        var result = Assert.IsType<EpochResult.Completed>(await _bench.Run()).Result!;
        Assert.Equal((expected.ParametersSha256, expected.StateSha256), (result.ParametersSha256, result.StateSha256));
        await AssertEachRoundOnce();
    }

    private async Task AssertEachRoundOnce() =>
        Assert.Equal(Enumerable.Range(1, Rounds), (await _bench.Metrics()).Select(m => (int)m.Figures.Round));
}
