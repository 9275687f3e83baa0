using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Ebm.Core.Diagnostics;

namespace Ebm.Grains.Telemetry;

/// <summary>
/// The latest figures of the runs whose parameter servers are on this silo. The first 64 have their ids; what runs
/// there are beyond that share one series, so that no number of runs makes a backend's series grow without bound.
/// </summary>
internal sealed class TrainingGauges
{
    /// <summary>Runs that have series of their own.</summary>
    public const int MostRuns = 64;

    private const string Other = "other";

    private readonly Lock _gate = new();
    private readonly HashSet<string> _named = [];
    private readonly ConcurrentDictionary<string, LiveRun> _runs = new();

    public TrainingGauges(Meter meter)
    {
        Gauge(Catalogue.LatestRound, r => r.Figures?.Round);
        Gauge(Catalogue.RunRounds, r => r.Rounds);
        Gauge(Catalogue.RunShards, r => r.Shards);
        Gauge(Catalogue.EnergyData, r => r.Figures?.EnergyData);
        Gauge(Catalogue.EnergyNegatives, r => r.Figures?.EnergyNegatives);
        Gauge(Catalogue.EnergyGap, r => r.Figures?.Gap);
        Gauge(Catalogue.GradientNorm, r => r.Figures?.GradientNorm);
        Gauge(Catalogue.ParameterNorm, r => r.Figures?.ParameterNorm);
        Gauge(Catalogue.Rate, r => r.Figures?.Rate);
        Gauge(Catalogue.AcceptanceShare, r => r.Figures?.Acceptance);
        Gauge(Catalogue.RHat, r => r.Figures?.RHat);
        meter.Gauge(Catalogue.Ess, () => Observe(r => r.Figures?.EssBulk, Catalogue.Part.Is("bulk"))
            .Concat(Observe(r => r.Figures?.EssTail, Catalogue.Part.Is("tail"))));

        void Gauge(MetricEntry entry, Func<LiveRun, double?> of) => meter.Gauge(entry, () => Observe(of));
    }

    /// <summary>A parameter server goes to work.</summary>
    public void Enter(string run, long rounds, int shards)
    {
        lock (_gate)
        {
            _runs[run] = new LiveRun(_named.Contains(run)
                || (_named.Count < MostRuns && _named.Add(run)) ? run : Other, rounds, shards, null);
        }
    }

    /// <summary>A round was applied.</summary>
    public void Round(string run, RoundMetrics figures)
    {
        if (_runs.TryGetValue(run, out var live))
        {
            _runs[run] = live with { Figures = figures.WithMixingOf(live.Figures) };
        }
    }

    /// <summary>It has ended here.</summary>
    public void Leave(string run)
    {
        lock (_gate)
        {
            _named.Remove(run);
            _runs.TryRemove(run, out _);
        }
    }

    private IEnumerable<Measurement<double>> Observe(
        Func<LiveRun, double?> of, params KeyValuePair<string, object?>[] tags) => _runs.Values
        .GroupBy(r => r.Name)
        .Select(g => (g.Key, Value: g.Select(of).FirstOrDefault(v => v is not null)))
        .Where(g => g.Value is not null)
        .Select(g => new Measurement<double>(g.Value!.Value, [Catalogue.Run.Is(g.Key), .. tags]));

    private sealed record LiveRun(string Name, long Rounds, int Shards, RoundMetrics? Figures);
}
