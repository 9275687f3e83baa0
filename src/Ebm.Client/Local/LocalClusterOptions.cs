using System.Text.RegularExpressions;
using Ebm.Client.Local.Processes;
using Ebm.Core;

namespace Ebm.Client.Local;

/// <summary>Options of a cluster on one machine.</summary>
internal sealed partial record LocalClusterOptions
{
    /// <summary>The cluster's id.</summary>
    public string Id { get; init; } = "ebm";

    /// <summary>Number of silos with lanes, at least 1.</summary>
    public int Silos { get; init; } = 3;

    /// <summary>
    /// Number of further silos, of the role control only. If there are any, the silos with lanes do not have that role.
    /// </summary>
    public int Control { get; init; }

    /// <summary>Total number of device lanes; 0 is one for each core, and at least one for each silo.</summary>
    public int Lanes { get; init; }

    /// <summary>Folder for Redis' data, logs and address, which is kept; null is a temporary one.</summary>
    public string? Folder { get; init; }

    /// <summary>
    /// An existing folder for checkpoints, which survive the loss of Redis; null stores them in Redis.
    /// </summary>
    public string? Checkpoints { get; init; }

    /// <summary>Redis' port; 0 is a free one.</summary>
    public int Port { get; init; }

    /// <summary>
    /// Port of the first silo for metrics and health; the other silos have the next ports. 0 is none.
    /// </summary>
    public int OperationsPort { get; init; }

    /// <summary>Environment variables of the silos, in addition to those of this process.</summary>
    public IReadOnlyDictionary<string, string> SiloEnvironment { get; init; } = new Dictionary<string, string>();

    /// <summary>Port on which the first silo of the role control serves the pages; null for none.</summary>
    public int? PagesPort { get; init; }

    /// <summary>
    /// The silo's program with its first arguments; null is the program that was built with this one.
    /// </summary>
    public IReadOnlyList<string>? SiloProgram { get; init; }

    /// <summary>Timeout of the start of all processes.</summary>
    public TimeSpan StartTime { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Timeout of the graceful end of a silo; it is killed then.</summary>
    public TimeSpan StopTime { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Checks the options.</summary>
    /// <exception cref="InputException">A number is out of its range, or the id is invalid.</exception>
    /// <exception cref="EbmException">The port is in use.</exception>
    public void Check()
    {
        AtLeast("--silos", Silos, 1);
        AtLeast("--control", Control, 0);
        AtLeast("--lanes", Lanes, 0);
        if (Lanes > 0 && Lanes < Silos)
        {
            throw new InputException(
                $"--lanes {Lanes}: expected at least one for each of --silos {Silos}, or 0 for one for each core.");
        }

        if (Checkpoints is { } folder && !Directory.Exists(folder))
        {
            throw new InputException($"--checkpoints {folder}: no such folder. Create it first.");
        }

        if (!Form().IsMatch(Id))
        {
            throw new InputException(
                $"--id '{Id}': expected at most 40 lower-case letters, digits and '-', "
                    + "beginning with a letter or digit.");
        }

        if (OperationsPort < 0 || OperationsPort + Control + Silos > 65_536)
        {
            throw new InputException(
                $"--metrics-port {OperationsPort}: the ports of {Control + Silos} silos would be out of range. "
                + $"Expected at most {65_536 - Control - Silos}, or 0 for none.");
        }

        if (Port is < 0 or > 65_535)
        {
            throw new InputException($"--port {Port}: not a port. Expected 1 to 65535, or 0 for a free one.");
        }

        if (Port != 0 && !FreePorts.IsFree(Port))
        {
            throw new EbmException(
                $"--port {Port}: 127.0.0.1:{Port} is in use, or this user may not listen there. "
                + "Choose another port, or omit --port for a free one.");
        }
    }

    private static void AtLeast(string name, int value, int least)
    {
        if (value < least)
        {
            throw new InputException($"{name} {value}: expected an integer of at least {least}.");
        }
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{0,39}\\z")]
    private static partial Regex Form();
}
