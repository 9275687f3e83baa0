using Ebm.Client.Output;

namespace Ebm.Client.Local;

/// <summary>Kinds of events of a local cluster.</summary>
internal enum LocalEventKind
{
    /// <summary>A silo is an active member.</summary>
    SiloReady,

    /// <summary>A silo's process has ended, for any reason.</summary>
    SiloDied,

    /// <summary>A silo is not restarted any more.</summary>
    SiloGivenUp,

    /// <summary>A silo has reached an armed fault.</summary>
    Fault,

    /// <summary>Redis serves.</summary>
    RedisReady,

    /// <summary>Redis' process has ended.</summary>
    RedisDied,
}

/// <summary>An event of a process of a local cluster.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Name">The silo's name, or <c>redis</c>.</param>
/// <param name="Process">The id of the process; 0 if there is none.</param>
internal sealed record LocalEvent(LocalEventKind Kind, string Name, int Process)
{
    /// <summary>Exit code of the process (128 + n after signal n).</summary>
    public int? ExitCode { get; init; }

    /// <summary>The process's last error message, if any.</summary>
    public string? Message { get; init; }

    /// <summary>The fault.</summary>
    public FaultReached? Fault { get; init; }

    /// <summary>Renders one line for people.</summary>
    public override string ToString() => Kind switch
    {
        LocalEventKind.SiloReady or LocalEventKind.RedisReady => $"{Name} is ready (pid {Process})",
        LocalEventKind.SiloDied or LocalEventKind.RedisDied => $"{Name} (pid {Process}) {How()}{Because()}",
        LocalEventKind.SiloGivenUp => $"{Name} is not restarted{Because()}",
        LocalEventKind.Fault => HumanFormat.Of($"{Name} (pid {Process}) reached {Fault!.Point} ")
            + HumanFormat.Of($"of round {Fault.Round} of '{Fault.Run}': {Fault.Act}"),
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

/// <summary>An armed fault that a silo has reached.</summary>
/// <param name="Point">The fault's point, such as <c>before-commit</c>.</param>
/// <param name="Run">The run.</param>
/// <param name="Round">The round.</param>
/// <param name="Act"><c>kill</c> or <c>pause</c>.</param>
internal sealed record FaultReached(string Point, string Run, long Round, string Act);
