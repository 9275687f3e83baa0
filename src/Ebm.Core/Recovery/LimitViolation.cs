using System.Globalization;
using System.Text.Json.Serialization;

namespace Ebm.Core.Recovery;

/// <summary>What a breach was of; it decides what is changed. The numbers are stored and never change.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ViolationKind>))]
public enum ViolationKind
{
    /// <summary>Gradient, energies or parameters that are not finite.</summary>
    NonFinite = 0,

    /// <summary>Chains whose states are not finite.</summary>
    NonFiniteChains = 1,

    /// <summary>A gradient out of all proportion to those before it, in one round.</summary>
    Spike = 2,

    /// <summary>Negatives that the model likes far better than data: it has moved faster than its chains.</summary>
    Lead = 3,

    /// <summary>Energies of data and negatives that are far apart: the chains do not follow.</summary>
    Gap = 4,

    /// <summary>Gradients or parameters that have outgrown the run's own history.</summary>
    Growth = 5,

    /// <summary>Langevin steps whose drift outweighs their noise: the energy is too steep for the step size.</summary>
    Drift = 6,

    /// <summary>Proposals that are hardly ever accepted.</summary>
    Acceptance = 7,

    /// <summary>Energies that have outgrown the run's own history, in spread or in slope.</summary>
    EnergyGrowth = 8,
}

/// <summary>
/// A limit that a round's figures broke. A function of the figures alone, so equal in every repetition.
/// </summary>
/// <param name="Round">The round.</param>
/// <param name="Kind">What kind of limit.</param>
/// <param name="Figure">The figure, in words.</param>
/// <param name="Value">What it was.</param>
/// <param name="Limit">What it may be.</param>
public sealed record LimitViolation(long Round, ViolationKind Kind, string Figure, double Value, double Limit)
{
    /// <summary>For people.</summary>
    public override string ToString() => Kind is ViolationKind.NonFinite or ViolationKind.NonFiniteChains
        ? Figure
        : string.Create(CultureInfo.InvariantCulture, $"{Figure} is {Value:g4}, its limit {Limit:g4}");
}
