using Ebm.Contracts.Runs;

namespace Ebm.Client.Chaos;

/// <summary>What a chaos run came to.</summary>
internal sealed record ChaosResult
{
    public required ChaosOptions Options { get; init; }

    /// <summary>The undisturbed run at its end.</summary>
    public required RunStatus Calm { get; init; }

    /// <summary>How long it took, from submit to end.</summary>
    public required double CalmSeconds { get; init; }

    /// <summary>The runs under faults.</summary>
    public required IReadOnlyList<DisturbedRun> Runs { get; init; }

    /// <summary>What happened to them.</summary>
    public required IReadOnlyList<InjectedFault> Faults { get; init; }

    /// <summary>The runs that were submitted in the middle of it.</summary>
    public required SmallRunsResult Small { get; init; }

    /// <summary>Runs of invalid specs that were accepted.</summary>
    public required IReadOnlyList<string> Strangers { get; init; }

    /// <summary>Processes that died or were stopped.</summary>
    public int Kills => Faults.Sum(f => f.Kills);

    /// <summary>The undisturbed run's time over a disturbed one's.</summary>
    public double Goodput => CalmSeconds * Runs.Count / Runs.Sum(r => r.Seconds);

    /// <summary>Rounds that were applied and then computed again.</summary>
    public long Repeated => Runs.Sum(r => r.Ended.Repeated);
}

/// <summary>A run under faults.</summary>
/// <param name="Ended">The run at its end.</param>
/// <param name="Seconds">From submit to end.</param>
/// <param name="Events">Its events.</param>
/// <param name="Metrics">Its metrics.</param>
/// <param name="Again">The answer to submitting it again.</param>
/// <param name="Details">What is stored of it.</param>
internal sealed record DisturbedRun(
    RunStatus Ended, double Seconds, IReadOnlyList<RunEvent> Events, IReadOnlyList<RoundReport> Metrics,
    RunStatus Again, RunDetails Details);
