using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Ebm.EndToEnd.Tests.Console;

/// <summary>The built console as a process of its own, in a folder of its own that goes with it.</summary>
internal sealed partial class EbmConsole : IDisposable
{
    public const int Interrupt = 2, Kill = 9, Terminate = 15;

    private readonly List<Process> _started = [];

    public EbmConsole() => Directory.CreateDirectory(Folder);

    /// <summary>A folder for specs and data.</summary>
    public string Folder { get; } =
        Path.Combine(Path.GetTempPath(), $"ebm-console-{Environment.ProcessId}-{Interlocked.Increment(ref s_count)}");

    /// <summary>The default folder of runs, as seen from <see cref="Folder"/>.</summary>
    public string Home => Path.Combine(Folder, "runs");

    /// <summary>The program that this test project was built with.</summary>
    public static string Program { get; } = Path.Combine(AppContext.BaseDirectory, "ebm.dll");

    /// <summary>An installed console to run; null runs <see cref="Program"/>.</summary>
    public string? Command { get; init; }

    private static int s_count;

    /// <summary>Runs a command to its end, in <see cref="Folder"/>.</summary>
    public async Task<Ended> Run(params string[] arguments)
    {
        var process = Start(arguments);
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new Ended(process.ExitCode, await output, await errors);
    }

    /// <summary>Trains with JSON lines and returns the result, which must be a success.</summary>
    public async Task<JsonElement> Train(string spec, params string[] arguments)
    {
        var ended = await Run(["train", spec, "--output", "json", .. arguments]);
        Assert.True(ended.ExitCode == 0, ended.ToString());
        return ended.Json[^1];
    }

    /// <summary>
    /// The cluster that the environment names; none if null, also if the tests' own environment names one.
    /// </summary>
    public string? Cluster { get; init; }

    /// <summary>Variables of its environment.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>();

    /// <summary>Starts a command; it is killed with this object.</summary>
    public Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo(Command ?? "dotnet", Command is null ? [Program, .. arguments] : arguments)
        {
            WorkingDirectory = Folder, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["EBM_CLUSTER"] = Cluster;
        foreach (var (name, value) in Variables)
        {
            start.Environment[name] = value;
        }

        if (Cluster is null && !arguments.Intersect(["--home", "--help", "--cluster"]).Any()
            && arguments is [not ("help" or "schema" or "telemetry" or "token" or "validate" or "cluster" or "submit"
                or "watch" or "logs" or "stop" or "chaos" or "bench" or "--version"), ..])
        {
            start.ArgumentList.Add("--home");
            start.ArgumentList.Add(Home);
        }

        var process = Process.Start(start)!;
        _started.Add(process);
        return process;
    }

    /// <summary>Reads a process's JSON lines up to the first of a type.</summary>
    public static async Task WaitFor(Process process, string type, int times = 1)
    {
        while (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            if (line.StartsWith($$"""{"type":"{{type}}""", StringComparison.Ordinal) && --times == 0)
            {
                return;
            }
        }

        Assert.Fail($"the process ended before a line of type {type}: "
            + $"{await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken)}");
    }

    /// <summary>Sends a signal, and waits for the end that it brings.</summary>
    public static async Task<Ended> Signal(Process process, int signal)
    {
        Assert.Equal(0, SendSignal(process.Id, signal));
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new Ended(process.ExitCode, output, errors);
    }

    /// <summary>Writes a file beside the specs and returns its path.</summary>
    public string File(string name, string text)
    {
        var path = Path.Combine(Folder, name);
        System.IO.File.WriteAllText(path, text);
        return path;
    }

    public void Dispose()
    {
        foreach (var process in _started)
        {
            if (!process.HasExited)
            {
                process.Kill();
                process.WaitForExit();
            }

            process.Dispose();
        }

        Directory.Delete(Folder, recursive: true);
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    internal static partial int SendSignal(int process, int signal);
}

/// <summary>How a process ended.</summary>
internal sealed record Ended(int ExitCode, string Output, string Errors)
{
    /// <summary>Its standard output as JSON lines.</summary>
    public IReadOnlyList<JsonElement> Json =>
        [.. Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonSerializer.Deserialize<JsonElement>(line))];

    /// <summary>For a failed assertion.</summary>
    public override string ToString() => $"exit code {ExitCode}\n{Output}\n{Errors}";
}
