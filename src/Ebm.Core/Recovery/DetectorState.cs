namespace Ebm.Core.Recovery;

/// <summary>
/// What the watch remembers: the watched figures of the latest rounds, and the medians of the stretches before, the
/// oldest first. A row has <see cref="MonitoredMetrics.Count"/> numbers. Never changed in place; part of a checkpoint.
/// </summary>
/// <param name="Recent">Rounds, at most a window.</param>
/// <param name="Past">Medians of whole windows, at most <see cref="DivergenceDetector.Stretches"/>.</param>
public sealed record DetectorState(IReadOnlyList<double[]> Recent, IReadOnlyList<double[]> Past)
{
    /// <summary>Before the first round.</summary>
    public static DetectorState Empty { get; } = new([], []);
}
