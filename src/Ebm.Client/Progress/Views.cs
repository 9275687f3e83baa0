using Ebm.Client.Output;
using Spectre.Console;

namespace Ebm.Client.Progress;

/// <summary>Which view suits the output.</summary>
internal static class Views
{
    /// <summary>
    /// JSON where it is asked for, the live view on a terminal that can move its cursor, else plain lines.
    /// </summary>
    public static IRunView For(OutputFormat format) => format == OutputFormat.Json ? new JsonView()
        : Console.IsOutputRedirected || !AnsiConsole.Profile.Capabilities.Ansi ? new PlainView()
        : new LiveView(AnsiConsole.Console);
}
