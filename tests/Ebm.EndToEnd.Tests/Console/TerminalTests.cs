using System.Diagnostics;

namespace Ebm.EndToEnd.Tests.Console;

/// <summary>The live view on a terminal that tmux makes.</summary>
public sealed class TerminalTests : IDisposable
{
    private readonly EbmConsole _console = new();
    private readonly string _server = $"ebm-{Environment.ProcessId}";

    public void Dispose()
    {
        Tmux("kill-server");
        _console.Dispose();
    }

    [Fact]
    public async Task Train_OnANarrowTerminalThatIsResized_ShowsItsMetricsAndStopsOnCtrlC()
    {
        var spec = SmallSpecs.Rbm(_console, rounds: 100_000);
        Tmux("new-session", "-d", "-x", "40", "-y", "30", "-e", "NO_COLOR=1",
            $"dotnet {EbmConsole.Program} train {spec} --id live --home {_console.Home}; echo exit code $?; sleep 60");

        var narrow = await Screen(text => text.Contains("E data", StringComparison.Ordinal));
        Assert.Contains("rounds/s", narrow, StringComparison.Ordinal);
        Assert.DoesNotContain("\e[3", Tmux("capture-pane", "-p", "-e"), StringComparison.Ordinal);
        Tmux("resize-window", "-x", "24", "-y", "20");

        // As a window that is dragged, until metrics stand beside each other: the view has the new width.
        var width = 100;
        await Screen(text =>
        {
            Tmux("resize-window", "-x", $"{width ^= 1}", "-y", "30");
            return text.Split('\n').Any(line =>
                line.Contains("gap", StringComparison.Ordinal)
                    && line.Contains("|gradient|", StringComparison.Ordinal));
        });
        Tmux("send-keys", "C-c");
        var end = await Screen(text => text.Contains("exit code", StringComparison.Ordinal));

        Assert.Contains("exit code 4", end, StringComparison.Ordinal);
        Assert.Contains("was stopped", end, StringComparison.Ordinal);
        Assert.DoesNotContain("xception", end, StringComparison.Ordinal);
    }

    private async Task<string> Screen(Func<string, bool> until)
    {
        var screen = "";
        for (var attempt = 0; attempt < 120; attempt++)
        {
            screen = Tmux("capture-pane", "-p");
            if (until(screen))
            {
                return screen;
            }

            await Task.Delay(250, TestContext.Current.CancellationToken);
        }

        throw new TimeoutException($"the screen stayed:\n{screen}");
    }

    private string Tmux(params string[] arguments)
    {
        var start = new ProcessStartInfo("tmux") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])["-L", _server, .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output;
    }
}
