using Ebm.Core.Spec;
using Ebm.Core.States;

namespace Ebm.Core.Plans;

/// <summary>
/// Quantities derived from a spec and the number of training rows. They do not depend on the cluster.
/// </summary>
internal sealed class RunPlan
{
    private readonly OutputSpec _output;
    private readonly EvaluationSpec _evaluation;

    private RunPlan(RunSpec spec, int rounds)
    {
        var negatives = spec.Negatives;
        Rounds = rounds;
        Chains = negatives.Chains;
        Slots = negatives.SlotCount();
        Blocks = RowBlocks.Count(Chains);
        Shards = ShardPlan.Divide(negatives);
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

    /// <summary>Number of rounds (parameter updates), at least 1.</summary>
    public int Rounds { get; }

    /// <summary>Number of chains: negatives per round.</summary>
    public int Chains { get; }

    /// <summary>Number of replay slots; one per chain where chains do not start in the buffer.</summary>
    public int Slots { get; }

    /// <summary>Number of blocks of <see cref="RowBlocks.Size"/> chains.</summary>
    public int Blocks { get; }

    /// <summary>The shards, by index.</summary>
    public IReadOnlyList<ShardPlan> Shards { get; }

    /// <summary>Encoding of stored states; never <see cref="StateEncoding.Auto"/>.</summary>
    public StateEncoding Encoding { get; }

    /// <summary>Evaluations that training waits for: annealed importance sampling, and early stopping.</summary>
    public OutcomePlan Outcomes =>
        _evaluation is { Likelihood: LikelihoodMethod.Ais } or { Stop: not null } && _evaluation.Every > 0
        ? new OutcomePlan(_evaluation.Every, _evaluation.Delay == 0 ? _evaluation.Every : _evaluation.Delay, Rounds)
        : OutcomePlan.None;

    /// <summary>The plan of a valid spec.</summary>
    /// <param name="spec">The spec.</param>
    /// <param name="trainingRows">Number of training rows, after splits and limit.</param>
    /// <exception cref="InputException">
    /// The epochs give more rounds than an <see cref="int"/> can count, or fewer than the warm-up.
    /// </exception>
    public static RunPlan For(RunSpec spec, int trainingRows)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(trainingRows, 1);
        var rounds = RoundsOf(spec.Learning, trainingRows);
        return spec.Learning.Warmup <= rounds
            ? new RunPlan(spec, rounds)
            : throw new InputException(
                $"learning.warmup: expected at most the number of rounds ({rounds}, from learning.epochs: "
                + $"{Quote.Number(spec.Learning.Epochs ?? 0)} and {trainingRows} rows), found {spec.Learning.Warmup}.");
    }

    /// <summary>
    /// Whether a checkpoint is due after this round (from 1): at the interval of the spec, and after the last round.
    /// </summary>
    public bool IsCheckpoint(int round) => IsDue(round, _output.CheckpointEvery);

    /// <summary>Whether a sample grid is due after this round.</summary>
    public bool IsSampleRound(int round) => IsDue(round, _output.SamplesEvery);

    /// <summary>Whether metrics of this round are written to metrics.jsonl.</summary>
    public bool IsMetricsRound(int round) => IsDue(round, _output.MetricsEvery);

    /// <summary>Whether an evaluation is due after this round.</summary>
    public bool IsEvaluationRound(int round) => IsDue(round, _evaluation.Every);

    private bool IsDue(int round, int every) =>
        round >= 1 && round <= Rounds && (round == Rounds || (every > 0 && round % every == 0));

    /// <summary>Number of rounds: given, or from the epochs over <paramref name="rows"/> rows.</summary>
    /// <remarks>
    /// In decimals: 0.07 epochs of 100 rows are exactly 7 rows; binary fractions give 7.000000000000001, which rounds
    /// up to 8.
    /// </remarks>
    /// <exception cref="InputException">Neither is given, or there are too many.</exception>
    internal static int RoundsOf(LearningSpec learning, int rows)
    {
        if (learning.Rounds is { } given)
        {
            return given;
        }

        var epochs = learning.Epochs
            ?? throw new InputException("learning.rounds: expected one of rounds and epochs, found neither.");
        var rounds = Math.Max(1, decimal.Ceiling((decimal)epochs * rows / learning.Batch));
        return rounds <= int.MaxValue
            ? (int)rounds
            : throw new InputException(
                $"learning.epochs: {Quote.Number(epochs)} epochs of {rows} rows in batches of {learning.Batch} are "
                + $"{rounds} rounds; expected at most {int.MaxValue}.");
    }
}
