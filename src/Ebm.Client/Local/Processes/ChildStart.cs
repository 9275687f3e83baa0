namespace Ebm.Client.Local.Processes;

/// <summary>Start parameters of a child process.</summary>
internal sealed record ChildStart
{
    /// <summary>Program and arguments. They contain no password: every user of the machine can read them.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>Its working directory.</summary>
    public required string Folder { get; init; }

    /// <summary>Environment variables, in addition to those of this process.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Receives each line of its standard output.</summary>
    public required Action<string> Output { get; init; }

    /// <summary>Receives each line of its standard error.</summary>
    public required Action<string> Errors { get; init; }

    /// <summary>Whether the watchdog ends it after the others.</summary>
    public bool EndsLast { get; init; }
}
