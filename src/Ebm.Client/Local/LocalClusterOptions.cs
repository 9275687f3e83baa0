using System.Text.RegularExpressions;
using Ebm.Client.Local.Processes;
using Ebm.Core;

namespace Ebm.Client.Local;

/// <summary>How a cluster on one machine is to be.</summary>
public sealed partial record LocalClusterOptions
{
    /// <summary>The cluster's id.</summary>
    public string Id { get; init; } = "ebm";

    /// <summary>Silos with lanes, at least 1.</summary>
    public int Silos { get; init; } = 3;

    /// <summary>
    /// Further silos, which only control; where there are any, those with lanes leave control to them.
    /// </summary>
    public int Control { get; init; }

    /// <summary>Device lanes of all silos together; 0 is one a core, and at least one a silo.</summary>
    public int Lanes { get; init; }

    /// <summary>Folder for Redis' data, logs and address, which is kept; null is a temporary one.</summary>
    public string? Folder { get; init; }

    /// <summary>An existing folder for checkpoints, which outlive Redis there; null is Redis.</summary>
    public string? Checkpoints { get; init; }

    /// <summary>Redis' port; 0 is a free one.</summary>
    public int Port { get; init; }

    /// <summary>
    /// Port of the first silo for metrics and health; the further ones have the next ports. 0 is none.
    /// </summary>
    public int OperationsPort { get; init; }

    /// <summary>Variables of the silos' environment besides those of this process.</summary>
    public IReadOnlyDictionary<string, string> SiloEnvironment { get; init; } = new Dictionary<string, string>();

    /// <summary>The port on which the first silo that controls serves the pages; null for none.</summary>
    public int? PagesPort { get; init; }

    /// <summary>
    /// The silo's program with its first arguments, where it is not the one that was built with this one.
    /// </summary>
    public IReadOnlyList<string>? SiloProgram { get; init; }

    /// <summary>How long everything may take to be ready.</summary>
    public TimeSpan StartTime { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long a silo may take to stop before it is killed.</summary>
    public TimeSpan StopTime { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Refuses what cannot be.</summary>
    /// <exception cref="InputException">A number is out of its range, or the id cannot be one.</exception>
    /// <exception cref="EbmException">The port is taken.</exception>
    public void Check()
    {
        AtLeast("--silos", Silos, 1);
        AtLeast("--control", Control, 0);
        AtLeast("--lanes", Lanes, 0);
        if (Lanes > 0 && Lanes < Silos)
        {
            throw new InputException($"--lanes {Lanes}: expected at least one for each of --silos "
                + $"{Silos}, or 0 for one a core.");
        }

        if (Checkpoints is { } folder && !Directory.Exists(folder))
        {
            throw new InputException($"--checkpoints {folder}: there is no such folder.");
        }

        if (!Form().IsMatch(Id))
        {
            throw new InputException(
                $"--id '{Id}': expected at most 40 small letters, digits and '-', beginning with a letter or digit.");
        }

        if (OperationsPort < 0 || OperationsPort + Control + Silos > 65_536)
        {
            throw new InputException($"--metrics-port {OperationsPort}: expected a port that leaves room for "
                + $"{Control + Silos} silos, or 0 for none.");
        }

        if (Port is < 0 or > 65_535)
        {
            throw new InputException($"--port {Port}: expected 1 to 65535, or 0 for a free one.");
        }

        if (Port != 0 && !FreePorts.IsFree(Port))
        {
            throw new EbmException(
                $"--port {Port}: something listens on 127.0.0.1:{Port} already, or this user may not. "
                    + "Choose another port, or leave it out for a free one.");
        }
    }

    private static void AtLeast(string name, int value, int least)
    {
        if (value < least)
        {
            throw new InputException($"{name} {value}: expected a whole number of at least {least}.");
        }
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{0,39}\\z")]
    private static partial Regex Form();
}
