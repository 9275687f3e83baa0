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

    /// <summary>The disturbed run at its end.</summary>
    public required RunStatus Ended { get; init; }

    /// <summary>How long it took.</summary>
    public required double Seconds { get; init; }

    /// <summary>What happened to it.</summary>
    public required IReadOnlyList<HappenedFault> Faults { get; init; }

    /// <summary>Its events.</summary>
    public required IReadOnlyList<RunEvent> Events { get; init; }

    /// <summary>Its metrics.</summary>
    public required IReadOnlyList<RoundReport> Metrics { get; init; }

    /// <summary>The answer to submitting it again.</summary>
    public required RunStatus Again { get; init; }

    /// <summary>What is stored of it.</summary>
    public required RunDetails Details { get; init; }

    /// <summary>The runs that were submitted in the middle of it.</summary>
    public required SmallRunsResult Small { get; init; }

    /// <summary>Runs that nobody should have been able to submit.</summary>
    public required IReadOnlyList<string> Strangers { get; init; }

    /// <summary>Processes that died or were stopped.</summary>
    public int Kills => Faults.Sum(f => f.Kills);

    /// <summary>The undisturbed run's time over the disturbed one's.</summary>
    public double Goodput => CalmSeconds / Seconds;
}
