using Ebm.Core.Spec;
using Ebm.Core.States;

namespace Ebm.Core.Plans;

/// <summary>What follows from a spec and the number of training rows: nothing of it depends on the cluster.</summary>
public sealed class RunPlan
{
    // With shards: 0, as many as there are blocks, but no more than this: enough to spread a run over a small cluster.
    private const int DefaultShards = 8;

    private readonly OutputSpec _output;
    private readonly EvaluationSpec _evaluation;

    private RunPlan(RunSpec spec, int rounds)
    {
        var negatives = spec.Negatives;
        Rounds = rounds;
        Chains = negatives.Chains;
        Slots = negatives.Slots == 0 ? negatives.Chains : negatives.Slots;
        Blocks = RowBlocks.Of(Chains);
        Shards = ShardPlan.Divide(
            Chains, Slots, negatives.Shards == 0 ? Math.Min(Blocks, DefaultShards) : negatives.Shards);
        Encoding = negatives.Encoding != StateEncoding.Auto ? negatives.Encoding
            : spec.Energy.StateUnits() switch
            {
                UnitKind.Binary => StateEncoding.Bits,
                UnitKind.Categorical => StateEncoding.Uint8,
                _ => StateEncoding.Float32,
            };
        _output = spec.Output;
        _evaluation = spec.Evaluation;
    }

    /// <summary>Parameter updates of the run, at least 1.</summary>
    public int Rounds { get; }

    /// <summary>Negatives a round.</summary>
    public int Chains { get; }

    /// <summary>Replay slots of the run; one a chain where chains do not start in the buffer.</summary>
    public int Slots { get; }

    /// <summary>Blocks of 64 chains.</summary>
    public int Blocks { get; }

    /// <summary>The shards, by index.</summary>
    public IReadOnlyList<ShardPlan> Shards { get; }

    /// <summary>How states are stored; never <see cref="StateEncoding.Auto"/>.</summary>
    public StateEncoding Encoding { get; }

    /// <summary>
    /// Evaluations that training waits for: those by annealed importance sampling, and those that may end the run.
    /// </summary>
    public OutcomePlan Outcomes =>
        _evaluation is { Likelihood: LikelihoodMethod.Ais } or { Stop: not null } && _evaluation.Every > 0
        ? new OutcomePlan(_evaluation.Every, _evaluation.Delay == 0 ? _evaluation.Every : _evaluation.Delay, Rounds)
        : OutcomePlan.None;

    /// <summary>The plan of a valid spec.</summary>
    /// <param name="spec">The spec.</param>
    /// <param name="trainingRows">Rows that are trained on, after splits and limit.</param>
    /// <exception cref="InputException">The epochs are more rounds than can be counted, or fewer than the
    /// warm-up.</exception>
    public static RunPlan For(RunSpec spec, int trainingRows)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(trainingRows, 1);
        var rounds = spec.Learning.Rounds ?? RoundsOf(spec.Learning, trainingRows);
        return spec.Learning.Warmup <= rounds
            ? new RunPlan(spec, rounds)
            : throw new InputException("learning.warmup: expected at most the number of rounds "
                + $"({rounds}, from learning.epochs: "
                + $"{Quote.Number(spec.Learning.Epochs ?? 0)} and {trainingRows} rows), found {spec.Learning.Warmup}.");
    }

    /// <summary>Whether a checkpoint is due after this round (from 1): every so many, and the last.</summary>
    public bool IsCheckpoint(int round) => IsDue(round, _output.CheckpointEvery);

    /// <summary>Whether a sample grid is due after this round.</summary>
    public bool IsSampleRound(int round) => IsDue(round, _output.SamplesEvery);

    /// <summary>Whether this round has a line in metrics.jsonl.</summary>
    public bool IsMetricsRound(int round) => IsDue(round, _output.MetricsEvery);

    /// <summary>Whether an evaluation is due after this round.</summary>
    public bool IsEvaluationRound(int round) => IsDue(round, _evaluation.Every);

    private bool IsDue(int round, int every) =>
        round >= 1 && round <= Rounds && (round == Rounds || (every > 0 && round % every == 0));

    // In decimals: 0.07 epochs of 100 rows are 7 rows, where binary fractions make them 7.000000000000001 and a round
    // more.
    private static int RoundsOf(LearningSpec learning, int rows)
    {
        var epochs = learning.Epochs
            ?? throw new InputException("learning.rounds: expected one of rounds and epochs, found neither.");
        var rounds = Math.Max(1, decimal.Ceiling((decimal)epochs * rows / learning.Batch));
        return rounds <= int.MaxValue
            ? (int)rounds
            : throw new InputException($"learning.epochs: {Quote.Number(epochs)} epochs of {rows} rows in "
                + $"batches of {learning.Batch} are {rounds} rounds; expected at most {int.MaxValue}.");
    }
}
