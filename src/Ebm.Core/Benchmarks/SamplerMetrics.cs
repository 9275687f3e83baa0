namespace Ebm.Core.Benchmarks;

/// <summary>What was measured of a kernel on a model. Effective draws are those of all chains together.</summary>
internal sealed record SamplerMetrics
{
    /// <summary>The model.</summary>
    public required string Model { get; init; }

    /// <summary>The kernel.</summary>
    public required string Sampler { get; init; }

    /// <summary>Transitions from one draw to the next.</summary>
    public required int Transitions { get; init; }

    /// <summary>Its step size, after adaptation; absent where it has none.</summary>
    public double? StepSize { get; init; }

    /// <summary>Share of accepted proposals; absent where it proposes nothing.</summary>
    public double? Acceptance { get; init; }

    /// <summary>Mean squared distance between a chain's draws that follow each other.</summary>
    public required double JumpDistance { get; init; }

    /// <summary>Gradients computed, one for each chain at each state.</summary>
    public required long Gradients { get; init; }

    /// <summary>Bulk effective sample size of the energy.</summary>
    public required double EnergyEss { get; init; }

    /// <summary>The smallest bulk effective sample size of a feature.</summary>
    public required double WorstEss { get; init; }

    /// <summary>Time spent in the kernel: the processor's, or on a GPU the clock's.</summary>
    public required double Seconds { get; init; }

    /// <summary>The smaller of both effective sample sizes, a second.</summary>
    public double EssPerSecond => Math.Min(EnergyEss, WorstEss) / Seconds;

    /// <summary>The same for each gradient; absent where none is computed.</summary>
    public double? EssPerGradient => Gradients == 0 ? null : Math.Min(EnergyEss, WorstEss) / Gradients;

    /// <summary>Gradients a second; absent where none is computed.</summary>
    public double? GradientsPerSecond => Gradients == 0 ? null : Gradients / Seconds;
}
