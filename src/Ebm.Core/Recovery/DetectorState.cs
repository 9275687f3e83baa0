namespace Ebm.Core.Recovery;

/// <summary>
/// History of the divergence detector: the monitored metrics of the latest rounds, and medians of earlier windows, the
/// oldest first. A row has <see cref="MonitoredMetrics.Count"/> numbers. Immutable; part of a checkpoint.
/// </summary>
/// <param name="Recent">Rows of the latest rounds, at most a window.</param>
/// <param name="Past">Medians of complete windows, at most <see cref="DivergenceDetector.Stretches"/>.</param>
internal sealed record DetectorState(IReadOnlyList<double[]> Recent, IReadOnlyList<double[]> Past)
{
    /// <summary>The state before the first round.</summary>
    public static DetectorState Empty { get; } = new([], []);
}
