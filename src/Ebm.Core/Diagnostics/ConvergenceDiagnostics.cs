namespace Ebm.Core.Diagnostics;

/// <summary>The usual figures of several chains together, at the cost of three sorts.</summary>
/// <param name="RHat"><see cref="Diagnostics.RHat.Of(ChainDraws)"/>.</param>
/// <param name="BulkEss"><see cref="EffectiveSampleSize.Bulk(ChainDraws)"/>.</param>
/// <param name="TailEss"><see cref="EffectiveSampleSize.Tail(ChainDraws)"/>.</param>
public readonly record struct ConvergenceDiagnostics(double RHat, double BulkEss, double TailEss)
{
    /// <summary>Of one quantity.</summary>
    public static ConvergenceDiagnostics Of(ChainDraws draws)
    {
        var ranked = new RankedDraws(draws);
        return new ConvergenceDiagnostics(
            Diagnostics.RHat.Of(ranked), EffectiveSampleSize.Bulk(ranked), EffectiveSampleSize.Tail(ranked));
    }
}

/// <summary>What several figures need of the same draws, made when it is first asked for.</summary>
internal sealed class RankedDraws(ChainDraws draws)
{
    private ChainDraws? _scores;
    private Quantiles? _quantiles;

    public ChainDraws Draws => draws;

    /// <summary>Normal scores of the split chains.</summary>
    public ChainDraws Scores => _scores ??= NormalScores.Of(draws.Split());

    /// <summary>Quantiles of all draws.</summary>
    public Quantiles Quantiles => _quantiles ??= Quantiles.Of(draws);
}
