using System.ComponentModel;
using System.Diagnostics;
using Ebm.Core;

namespace Ebm.Client.Local.Processes;

/// <summary>The programs of a cluster.</summary>
internal static class Programs
{
    private const int MinimumRedis = 7;

    /// <summary>The silo's program, which was built with this one.</summary>
    /// <exception cref="EbmException">The program is missing.</exception>
    public static IReadOnlyList<string> Silo()
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Ebm.Silo.dll");
        return File.Exists(program)
            ? [Dotnet(), program]
            : throw new EbmException(
                $"the silo's program is missing. Expected {program}. "
                + "Rebuild it: dotnet build src/Ebm.Client -c Release");
    }

    /// <summary>The path of redis-server.</summary>
    /// <exception cref="EbmException">redis-server is not installed, or too old.</exception>
    public static async Task<string> Redis()
    {
        var path = OnPath("redis-server") ?? throw new EbmException(
            "'redis-server' is not on the PATH. A cluster stores its state in Redis. "
            + "Install the Debian package redis-server (apt-get install redis-server).");
        using var process = Start(Path.GetTempPath(), [path, "--version"]);
        process.StandardInput.Close();
        var text = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        var version = text.Split(' ').FirstOrDefault(word => word.StartsWith("v=", StringComparison.Ordinal))?[2..];
        return version is not null && int.TryParse(version.Split('.')[0], out var major) && major < MinimumRedis
            ? throw new EbmException(
                $"{path} is too old: version {version}. Expected {MinimumRedis}.0 or newer. "
                + "Put a newer redis-server on the PATH.")
            : path;
    }

    /// <summary>Starts a program with redirected standard streams.</summary>
    /// <exception cref="EbmException">The program cannot be started.</exception>
    public static Process Start(
        string folder, IReadOnlyList<string> command, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new EbmException(
                $"'{command[0]}' cannot be started: {e.Message}. "
                + "(setsid and flock are in the Debian package util-linux.)", e);
        }
    }

    // The runtime of this process also runs the silo.
    private static string Dotnet() =>
        Environment.ProcessPath is { } own && Path.GetFileName(own) == "dotnet" ? own : OnPath("dotnet") ?? "dotnet";

    private static string? OnPath(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(':', StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, program))
        .FirstOrDefault(File.Exists);
}
