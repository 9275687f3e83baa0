using System.Diagnostics;
using Ebm.Core;

namespace Ebm.Client.Local.Processes;

/// <summary>
/// A small process that survives if this process is killed (SIGKILL), and then ends its children: silos first, which
/// see the end of their input, Redis last. It detects the death by the end of its own input. It also holds the folder's
/// lock, so that no other cluster uses the folder before all processes have ended. (PR_SET_PDEATHSIG would react to the
/// end of the forking thread.)
/// </summary>
internal sealed class Watchdog : IDisposable
{
    private const int Locked = 9;

    private const string Script = """
        trap '' INT HUP TERM
        exec 8> "$1" && flock -w 5 8 || { echo locked; exit 9; }
        echo watching
        first= last=
        without() { for p in $2; do [ "$p" = "$1" ] || printf ' %s' "$p"; done; }
        while read -r verb pid; do
            case $verb in
                first) first="$first $pid" ;;
                last) last="$last $pid" ;;
                forget) first=$(without "$pid" "$first") last=$(without "$pid" "$last") ;;
            esac
        done
        # A zombie has ended, although kill -0 still finds it.
        lives() { grep -qs '^State:[[:space:]]*[^ZX[:space:]]' "/proc/$1/status"; }
        end() {
            signal=$1 tries=200; shift
            for p; do kill -s "$signal" "$p"; kill -s CONT "$p"; done
            for p; do while lives "$p" && [ $tries -gt 0 ]; do sleep 0.1; tries=$((tries - 1)); done; done
            for p; do lives "$p" && kill -s KILL "$p"; done
        }
        exec 2> /dev/null
        end CONT $first
        end TERM $last
        """;

    private readonly Process _process;

    private Watchdog(Process process) => _process = process;

    /// <summary>Starts the watchdog, which locks the folder.</summary>
    /// <exception cref="EbmException">Another cluster uses the folder.</exception>
    public static async Task<Watchdog> Start(string folder, string lockFile)
    {
        var process = Programs.Start(folder, ["setsid", "sh", "-c", Script, "ebm-watchdog", lockFile]);
        if (await process.StandardOutput.ReadLineAsync() == "watching")
        {
            return new Watchdog(process);
        }

        await process.WaitForExitAsync();
        throw new EbmException(process.ExitCode == Locked
            ? $"another cluster uses {folder}, or is still stopping there. "
                + "Stop it, or choose another folder with --dir."
            : $"the cluster's watchdog ended with exit code {process.ExitCode}: "
                + (await process.StandardError.ReadToEndAsync()).Trim());
    }

    /// <summary>Guards a process: it is ended after the death of this process.</summary>
    public void Guard(int process, bool last) => Send($"{(last ? "last" : "first")} {process}");

    /// <summary>Removes a process that has ended; the kernel may reuse its id.</summary>
    public void Forget(int process) => Send($"forget {process}");

    /// <summary>Ends the watchdog, which releases the lock.</summary>
    public void Dispose()
    {
        lock (_process)
        {
            _process.StandardInput.Dispose();
        }

        _process.WaitForExit();
        _process.Dispose();
    }

    private void Send(string line)
    {
        lock (_process)
        {
            try
            {
                _process.StandardInput.WriteLine(line);
                _process.StandardInput.Flush();
            }
            catch (Exception e) when (e is IOException or ObjectDisposedException)
            {
                // The cluster works without a watchdog; only a SIGKILL of this process would leave children behind.
            }
        }
    }
}
