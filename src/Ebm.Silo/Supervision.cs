using System.Runtime.InteropServices;
using System.Text.Json;
using Ebm.Grains.Faults;
using Microsoft.Extensions.Hosting;

namespace Ebm.Silo;

/// <summary>
/// The channel to a supervisor on this machine (<c>ebm cluster start</c>): JSON lines on standard output, commands on
/// standard input, whose end stops the silo. <c>arm POINT kill|pause</c> makes the process fail at a point of the
/// protocol.
/// </summary>
internal sealed partial class Supervision(
    FaultPoints faults, SiloSettings settings, IHostApplicationLifetime lifetime) : IHostedService
{
    private const int SigKill = 9, SigStop = 19;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        lifetime.ApplicationStarted.Register(
            () => Write(new { type = "ready", name = settings.Name, pid = Environment.ProcessId }));
        new Thread(ReadCommands) { IsBackground = true, Name = "supervision" }.Start();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Reports an error, for example why the silo cannot start.</summary>
    public static void WriteError(string message) => Write(new { type = "error", message });

    private static void Write(object line)
    {
        Console.Out.WriteLine(JsonSerializer.Serialize(line));
        Console.Out.Flush();
    }

    // Blocks on reads, so it has its own thread.
    private void ReadCommands()
    {
        while (Console.In.ReadLine() is { } line)
        {
            if (line == "disarm")
            {
                faults.Disarm();
            }
            else if (line.Split(' ') is ["arm", var name, ("kill" or "pause") and var act]
                && Enum.TryParse<FaultPoint>(
                    name.Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out var point))
            {
                faults.Arm(point, (run, round) => Fail(name, act, run, round));
            }
            else
            {
                WriteError($"unknown command '{line}'. Expected 'arm POINT kill|pause' or 'disarm'.");
            }
        }

        lifetime.StopApplication();
    }

    private static void Fail(string point, string act, string run, long round)
    {
        Write(new { type = "fault", point, run, round, act });
        _ = SendSignal(Environment.ProcessId, act == "kill" ? SigKill : SigStop);
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SendSignal(int process, int signal);
}
