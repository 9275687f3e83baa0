using System.Globalization;
using System.Text.Json.Serialization;

namespace Ebm.Core.Recovery;

/// <summary>
/// Kind of a limit violation; it selects the remedies of the next attempt. The numbers are stored and never change.
/// </summary>
[JsonConverter(typeof(JsonStringEnumConverter<ViolationKind>))]
public enum ViolationKind
{
    /// <summary>A non-finite gradient, energy or parameter.</summary>
    NonFinite = 0,

    /// <summary>Chains with non-finite states.</summary>
    NonFiniteChains = 1,

    /// <summary>A gradient far larger than in the rounds before, in a single round.</summary>
    Spike = 2,

    /// <summary>Negatives of far lower energy than the data: the model changes faster than its chains mix.</summary>
    Lead = 3,

    /// <summary>A large energy gap between data and negatives: the chains lag behind the model.</summary>
    Gap = 4,

    /// <summary>Growth of the gradient's or the parameters' norm over the run's own history.</summary>
    Growth = 5,

    /// <summary>Langevin steps whose drift exceeds their noise: the energy is too steep for the step size.</summary>
    Drift = 6,

    /// <summary>A low acceptance rate.</summary>
    Acceptance = 7,

    /// <summary>Growth of the energies' spread or slope over the run's own history.</summary>
    EnergyGrowth = 8,
}

/// <summary>
/// A limit that the metrics of a round violated. A function of the metrics alone, so every repetition gives an equal
/// record.
/// </summary>
/// <param name="Round">The round.</param>
/// <param name="Kind">Kind of limit.</param>
/// <param name="Metric">
/// Description of the metric. It is part of the state's digest (<see cref="Checkpoints.StateDigest"/>): never reword
/// one.
/// </param>
/// <param name="Value">Value of the metric.</param>
/// <param name="Limit">The limit.</param>
public sealed record LimitViolation(
    long Round, ViolationKind Kind, [property: JsonPropertyName("figure")] string Metric, double Value, double Limit)
{
    /// <summary>A sentence for messages.</summary>
    public override string ToString() => Kind is ViolationKind.NonFinite or ViolationKind.NonFiniteChains
        ? Metric
        : string.Create(CultureInfo.InvariantCulture, $"{Metric} is {Value:g4}, its limit {Limit:g4}");
}
