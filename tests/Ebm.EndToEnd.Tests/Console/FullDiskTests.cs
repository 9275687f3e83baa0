using System.Diagnostics;

namespace Ebm.EndToEnd.Tests.Console;

/// <summary>A file system of three megabytes, where this user may make one.</summary>
public sealed class FullDiskTests : IDisposable
{
    private readonly EbmConsole _console = new();
    private bool _mounted;

    public void Dispose()
    {
        if (_mounted)
        {
            Execute("umount", _console.Home);
        }

        _console.Dispose();
    }

    [Fact]
    public async Task Train_OnADiskThatFills_FailsWithTheReasonAndKeepsTheLastCheckpointIntact()
    {
        Directory.CreateDirectory(_console.Home);
        _mounted = Execute("mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", _console.Home) == 0;
        Assert.SkipUnless(_mounted, "mounting a small file system takes root");
        var ended = await _console.Run(
            "train", SmallSpecs.Mlp(_console), "--id", "full", "--output", "json", "--set", "energy.hidden=[128,256]",
            "--set", "output.checkpointEvery=3", "--set", "output.keepCheckpoints=50");

        Assert.Equal(3, ended.ExitCode);
        Assert.Contains("No space left", ended.Json[^1].GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal(0, (await _console.Run(
            "sample", "full", "--out", Path.Combine(_console.Folder, "grid.png"))).ExitCode);
    }

    private static int Execute(string command, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode;
    }
}
