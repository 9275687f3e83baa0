namespace Ebm.Contracts.Runs;

/// <summary>A run as it is submitted.</summary>
/// <param name="SpecJson">Canonical JSON of the spec.</param>
/// <param name="SpecDigest">SHA-256 (hex) of it.</param>
/// <param name="Lineage">The run whose parameters it starts from, or null.</param>
/// <param name="AllowNewHardware">Go on although the numerics fingerprint differs from the run's.</param>
[GenerateSerializer, Immutable, Alias("ebm.RunSubmission")]
internal sealed record RunSubmission(
    [property: Id(0)] string SpecJson,
    [property: Id(1)] string SpecDigest,
    [property: Id(2)] Lineage? Lineage = null,
    [property: Id(3)] bool AllowNewHardware = false);

/// <summary>Where a run's initial parameters come from.</summary>
[GenerateSerializer, Immutable, Alias("ebm.Lineage")]
internal sealed record Lineage(
    [property: Id(0)] string Run, [property: Id(1)] long Round, [property: Id(2)] string ParametersSha256);

/// <summary>What a silo needs to know to compute for a run.</summary>
[GenerateSerializer, Immutable, Alias("ebm.RunDescription")]
internal sealed record RunDescription(
    [property: Id(0)] string Id,
    [property: Id(1)] string SpecJson,
    [property: Id(2)] string SpecDigest,
    [property: Id(3)] Lineage? Lineage,
    [property: Id(4)] RunPins? Pins,
    [property: Id(5)] bool AllowNewHardware,
    [property: Id(6)] Placement.RunRequirements Needs);

/// <summary>What a run's result depends on besides its spec, pinned when it first starts.</summary>
/// <param name="DataDigest">SHA-256 (hex) of its data.</param>
/// <param name="Numerics">Where its bits are computed.</param>
/// <param name="ModuleDigest">SHA-256 (hex) of the file that its energy is read from; null where it is read from
/// none.</param>
[GenerateSerializer, Immutable, Alias("ebm.RunPins")]
internal sealed record RunPins(
    [property: Id(0)] string DataDigest, [property: Id(1)] string Numerics,
    [property: Id(2)] string? ModuleDigest = null);
