using Ebm.Client.Local;
using Ebm.Core.Spec;

namespace Ebm.Client.Chaos;

/// <summary>A chaos run as it is asked for.</summary>
/// <param name="Spec">The spec.</param>
/// <param name="Seed">Seed of the faults.</param>
/// <param name="Kills">Number of faults.</param>
/// <param name="Kinds">Kinds of faults to choose from; none for the usual mixture.</param>
/// <param name="Overlap">Whether a fault may come before the one before it is mended.</param>
/// <param name="Cluster">The cluster.</param>
internal sealed record ChaosOptions(
    RunSpec Spec, ulong Seed, int Kills, IReadOnlyList<FaultKind> Kinds, bool Overlap, LocalClusterOptions Cluster);
