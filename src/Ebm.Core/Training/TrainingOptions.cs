using Ebm.Core.Spec;
using static TorchSharp.torch;

namespace Ebm.Core.Training;

/// <summary>Options of <see cref="ContrastiveDivergence"/>. The records are those of a run's spec.</summary>
public sealed record TrainingOptions
{
    /// <summary>Seed of everything random. Equal seeds give equal bits, on any number of threads.</summary>
    public ulong Seed { get; init; }

    /// <summary>Rounds, batch, optimiser, regularisation; 1,000 rounds by default.</summary>
    public LearningSpec Learning { get; init; } = new() { Rounds = 1000 };

    /// <summary>The chains; by default 64 persistent ones.</summary>
    public NegativesSpec Negatives { get; init; } = new();

    /// <summary>
    /// Limits of divergence; by default they are ignored, and only values that are not finite end the training. With
    /// another <see cref="RecoverySpec.OnDivergence"/> a violated limit ends it, too; only a run rolls back.
    /// </summary>
    public RecoverySpec Recovery { get; init; } = new() { OnDivergence = OnDivergence.Ignore };

    /// <summary>Device of all tensors; the CPU by default.</summary>
    public Device? Device { get; init; }

    /// <summary>
    /// Range [low, high] of fresh real states; null for a standard normal distribution. A <see cref="SamplerSpec"/>
    /// has its own.
    /// </summary>
    public double[]? Range { get; init; }

    /// <summary>Threads that compute blocks of rows; 0 uses all cores, and one with a GPU.</summary>
    public int Threads { get; init; }
}
