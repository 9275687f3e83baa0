using System.CommandLine;
using Ebm.Client.Local.Processes;
using Ebm.Core;

namespace Ebm.Client.Commands;

/// <summary>Options that serve the pages.</summary>
internal static class PagesChoice
{
    private const int DefaultPort = 8420, HighestPort = 65_535;

    /// <summary>Whether to serve the pages.</summary>
    public static Option<bool> Ui { get; } = new("--ui")
    {
        Description = $"Serve pages for a browser on 127.0.0.1:{DefaultPort}, or on a free port if it is in use.",
    };

    /// <summary>The port of the pages.</summary>
    public static Option<int?> UiPort { get; } = new("--ui-port")
    {
        Description = "Serve the pages on this port; 0 chooses a free one.",
        HelpName = "N",
    };

    /// <summary>The port for the pages, which is free now; null if no pages were requested.</summary>
    /// <exception cref="InputException">The number is not a port.</exception>
    /// <exception cref="EbmException">The port is in use.</exception>
    public static int? PortOf(ParseResult parsed)
    {
        switch (parsed.GetValue(UiPort))
        {
            case null:
                return !parsed.GetValue(Ui) ? null : FreePorts.IsFree(DefaultPort) ? DefaultPort : FreePorts.Next();
            case 0:
                return FreePorts.Next();
            case < 0 or > HighestPort:
                throw new InputException(
                    $"--ui-port {parsed.GetValue(UiPort)}: not a port. "
                        + $"Expected 1 to {HighestPort}, or 0 for a free one.");
            case { } port:
                return FreePorts.IsFree(port) ? port : throw new EbmException(
                    $"--ui-port {port}: 127.0.0.1:{port} is in use, or this user may not listen there. "
                    + "Choose another port, or 0 for a free one.");
        }
    }
}
