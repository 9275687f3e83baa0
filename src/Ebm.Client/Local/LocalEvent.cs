using Ebm.Client.Output;

namespace Ebm.Client.Local;

/// <summary>What happens to a process of a local cluster.</summary>
public enum LocalEventKind
{
    /// <summary>A silo is an active member.</summary>
    SiloReady,

    /// <summary>A silo's process has ended, for whatever reason.</summary>
    SiloDied,

    /// <summary>A silo is not started again.</summary>
    SiloGivenUp,

    /// <summary>A silo is about to act on an armed fault.</summary>
    Fault,

    /// <summary>Redis answers.</summary>
    RedisReady,

    /// <summary>Redis' process has ended.</summary>
    RedisDied,
}

/// <summary>Something that happened to a process of a local cluster.</summary>
/// <param name="Kind">What.</param>
/// <param name="Name">The silo's name, or <c>redis</c>.</param>
/// <param name="Process">The process that it happened to; 0 where there was none.</param>
public sealed record LocalEvent(LocalEventKind Kind, string Name, int Process)
{
    /// <summary>With what exit code it ended (128 + n after signal n).</summary>
    public int? ExitCode { get; init; }

    /// <summary>What it said about its end, if it did.</summary>
    public string? Message { get; init; }

    /// <summary>The fault.</summary>
    public FaultReached? Fault { get; init; }

    /// <summary>One line for a person.</summary>
    public override string ToString() => Kind switch
    {
        LocalEventKind.SiloReady or LocalEventKind.RedisReady => $"{Name} is ready (pid {Process})",
        LocalEventKind.SiloDied or LocalEventKind.RedisDied => $"{Name} (pid {Process}) {How()}{Because()}",
        LocalEventKind.SiloGivenUp => $"{Name} is not started again{Because()}",
        LocalEventKind.Fault =>
            HumanFormat.Of($"{Name} (pid {Process}) is at {Fault!.Point} of round {Fault.Round} of '{Fault.Run}': "
            + $"{Fault.Act}"),
        _ => $"{Name}: {Kind}",
    };

    private string How() => ExitCode switch
    {
        0 => "has stopped",
        > 128 => $"was ended by signal {ExitCode - 128}",
        _ => $"ended with exit code {ExitCode}",
    };

    private string Because() => Message is null ? "" : $": {Message}";
}

/// <summary>Where an armed fault was reached.</summary>
/// <param name="Point">The fault's point, such as <c>before-commit</c>.</param>
/// <param name="Run">The run.</param>
/// <param name="Round">The round.</param>
/// <param name="Act"><c>kill</c> or <c>pause</c>.</param>
public sealed record FaultReached(string Point, string Run, long Round, string Act);
