namespace Ebm.Client.Local.Processes;

/// <summary>What a child process is.</summary>
internal sealed record ChildStart
{
    /// <summary>Program and arguments; never a password, which every user of the machine could read.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>Its working directory.</summary>
    public required string Folder { get; init; }

    /// <summary>What it has in its environment besides ours.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>What is done with a line of its standard output.</summary>
    public required Action<string> Output { get; init; }

    /// <summary>What is done with a line of its standard error.</summary>
    public required Action<string> Errors { get; init; }

    /// <summary>Whether it ends after those that do not.</summary>
    public bool EndsLast { get; init; }
}
