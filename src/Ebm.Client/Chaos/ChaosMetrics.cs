namespace Ebm.Client.Chaos;

/// <summary>Figures over the faults of a chaos run.</summary>
internal static class ChaosMetrics
{
    /// <summary>Seconds without a new round, by kind of fault.</summary>
    public static IEnumerable<(FaultKind Kind, IReadOnlyList<double> Seconds)> Stalls(ChaosResult result) =>
        from fault in result.Faults
        where fault.Stalled is not null
        group fault.Stalled!.Value by fault.Plan.Kind into kind
        orderby kind.Key
        select (kind.Key, (IReadOnlyList<double>)[.. kind]);

    /// <summary>The median; of an even number, the mean of the middle two.</summary>
    public static double Median(IReadOnlyList<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
