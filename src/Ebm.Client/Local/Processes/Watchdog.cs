using System.Diagnostics;
using Ebm.Core;

namespace Ebm.Client.Local.Processes;

/// <summary>
/// A small process that outlives us if we are killed with -9, and then ends what we leave: silos first, which see the
/// end of their input, the store last. It learns of our end by the end of its own input. It also holds the folder's
/// lock, so that nobody works there before all is gone. (PR_SET_PDEATHSIG would follow the thread that forked.)
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
        # A zombie that nobody has waited for yet is gone, although kill -0 finds it.
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

    /// <summary>Starts it, with the lock of a folder.</summary>
    /// <exception cref="EbmException">Another cluster works in the folder.</exception>
    public static async Task<Watchdog> Start(string folder, string lockFile)
    {
        var process = Programs.Start(folder, ["setsid", "sh", "-c", Script, "ebm-watchdog", lockFile]);
        if (await process.StandardOutput.ReadLineAsync() == "watching")
        {
            return new Watchdog(process);
        }

        await process.WaitForExitAsync();
        throw new EbmException(process.ExitCode == Locked
            ? $"another cluster works in {folder}, or is still ending there. "
                + "Stop it, or choose another folder with --dir."
            : $"the cluster's watchdog ended with exit code {process.ExitCode}: "
                + $"{(await process.StandardError.ReadToEndAsync()).Trim()}");
    }

    /// <summary>From now on a process is ended when we are gone.</summary>
    public void Guard(int process, bool last) => Say($"{(last ? "last" : "first")} {process}");

    /// <summary>A process has ended, and its number may become another's.</summary>
    public void Forget(int process) => Say($"forget {process}");

    /// <summary>Ends it, and with it the lock.</summary>
    public void Dispose()
    {
        lock (_process)
        {
            _process.StandardInput.Dispose();
        }

        _process.WaitForExit();
        _process.Dispose();
    }

    private void Say(string line)
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
                // Without it the cluster still works; only a kill -9 of ours would leave something behind.
            }
        }
    }
}
