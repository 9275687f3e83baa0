using System.CommandLine;
using Ebm.Client.Local.Processes;
using Ebm.Core;

namespace Ebm.Client.Commands;

/// <summary>Whether a verb serves the pages, and where.</summary>
internal static class PagesChoice
{
    private const int UsualPort = 8420, HighestPort = 65_535;

    /// <summary>Whether it does.</summary>
    public static Option<bool> Ui { get; } = new("--ui")
    {
        Description = $"Serve pages for a browser on 127.0.0.1, port {UsualPort} or, where that is taken, a free one.",
    };

    /// <summary>Where.</summary>
    public static Option<int?> UiPort { get; } = new("--ui-port")
    {
        Description = "The same on this port; 0 is a free one.",
        HelpName = "N",
    };

    /// <summary>The port that was asked for, which is free now; null where no pages were.</summary>
    /// <exception cref="InputException">It can be no port.</exception>
    /// <exception cref="EbmException">It is taken.</exception>
    public static int? PortOf(ParseResult parsed)
    {
        switch (parsed.GetValue(UiPort))
        {
            case null:
                return !parsed.GetValue(Ui) ? null : FreePorts.IsFree(UsualPort) ? UsualPort : FreePorts.Next();
            case 0:
                return FreePorts.Next();
            case < 0 or > HighestPort:
                throw new InputException($"--ui-port {parsed.GetValue(UiPort)}: "
                    + $"expected 1 to {HighestPort}, or 0 for a free one.");
            case { } port:
                return FreePorts.IsFree(port) ? port : throw new EbmException(
                    $"--ui-port {port}: something listens on 127.0.0.1:{port} already, or this user may not. "
                        + "Choose another port, or 0 for a free one.");
        }
    }
}
