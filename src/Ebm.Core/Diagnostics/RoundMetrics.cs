namespace Ebm.Core.Diagnostics;

/// <summary>
/// The figures of one round: a function of the spec and the data alone, so equal in every repetition.
/// </summary>
public sealed record RoundMetrics
{
    /// <summary>The round, counted from 1; it made the version of the same number.</summary>
    public required long Round { get; init; }

    /// <summary>The attempt that it belongs to.</summary>
    public required int Attempt { get; init; }

    /// <summary>Mean energy of the data batch.</summary>
    public required double EnergyData { get; init; }

    /// <summary>Mean energy of the negatives.</summary>
    public required double EnergyNegatives { get; init; }

    /// <summary>
    /// Median energy of the data batch less that of the negatives: the gap, whatever a few chains do.
    /// </summary>
    public double MedianGap { get; init; }

    /// <summary>
    /// Robust standard deviation (from the median absolute deviation) of the energies over the data batch.
    /// </summary>
    public double EnergySpreadData { get; init; }

    /// <summary>The same over the negatives.</summary>
    public double EnergySpreadNegatives { get; init; }

    /// <summary>EnergyData - EnergyNegatives: near 0 while data and model agree.</summary>
    public double Gap => EnergyData - EnergyNegatives;

    /// <summary>Euclidean norm of the gradient, before clipping.</summary>
    public required double GradientNorm { get; init; }

    /// <summary>Euclidean norm of the parameters after the update.</summary>
    public required double ParameterNorm { get; init; }

    /// <summary>Learning rate of the update.</summary>
    public required double Rate { get; init; }

    /// <summary>Mean share of accepted proposals; absent where the kernel proposes nothing.</summary>
    public double? Acceptance { get; init; }

    /// <summary>Mean norm of dE/dx over the chains' steps; absent where the kernel computes none.</summary>
    public double? StateGradientNorm { get; init; }

    /// <summary>
    /// Mean squared distance that a chain moved in the round; of discrete units the number that changed.
    /// </summary>
    public double? JumpDistance { get; init; }

    /// <summary>Mean share of accepted exchanges between replicas; absent where the kernel has none.</summary>
    public double? SwapAcceptance { get; init; }

    /// <summary>Transitions of each chain.</summary>
    public int SamplerSteps { get; init; }

    /// <summary>Chains that started afresh.</summary>
    public int Reinitialised { get; init; }

    /// <summary>
    /// R-hat of the chains' energies over the latest rounds, where chains persist and it is due (<c>EnergyWindow</c>).
    /// </summary>
    public double? RHat { get; init; }

    /// <summary>Effective number of independent energies among them, in the middle of their distribution.</summary>
    public double? EssBulk { get; init; }

    /// <summary>The same in its tails; absent also where too many energies are equal.</summary>
    public double? EssTail { get; init; }

    /// <summary>
    /// These figures for a view: how chains mix, where this round does not say, as an earlier round said it.
    /// </summary>
    public RoundMetrics WithMixingOf(RoundMetrics? earlier) => RHat is not null || earlier is null ? this
        : this with { RHat = earlier.RHat, EssBulk = earlier.EssBulk, EssTail = earlier.EssTail };
}
