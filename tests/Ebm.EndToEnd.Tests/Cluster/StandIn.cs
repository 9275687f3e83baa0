using System.Threading.Channels;
using Ebm.Client.Local;

namespace Ebm.EndToEnd.Tests.Cluster;

/// <summary>
/// A folder for a local cluster, and in it a program that stands in for the silo: it talks with its supervisor as a
/// silo does and does nothing else, so that what is tested is the supervision. Goes with all processes that work in it.
/// </summary>
internal sealed class StandIn : IDisposable
{
    private const string Script = """
        #!/bin/bash
        name=$2 place=${EBM_REDIS##*:}
        [[ ! -e refuse ]] || { echo '{"type":"error","message":"these lanes cannot be"}'; exit 2; }
        echo "$name begins" >&2
        echo "{\"type\":\"ready\",\"name\":\"$name\",\"pid\":$$}"
        while read -r verb point act; do
            [[ $verb == arm ]] || continue
            echo "{\"type\":\"fault\",\"point\":\"$point\",\"run\":\"r\",\"round\":7,\"act\":\"$act\"}"
            if [[ $act == kill ]]; then kill -KILL $$; else kill -STOP $$; fi
        done
        [[ ! -e slow ]] || read -r -t 60 <> <(:)
        sleep 0.3
        (exec 3<> "/dev/tcp/127.0.0.1/${place%%/*}") && echo 'Redis was there' > "$name.left"
        """;

    private static int s_count;

    public StandIn()
    {
        Directory.CreateDirectory(Folder);
        File.WriteAllText(Program, Script);
        File.SetUnixFileMode(Program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>The cluster's folder.</summary>
    public string Folder { get; } =
        Path.Combine(Path.GetTempPath(), $"ebm-local-{Environment.ProcessId}-{Interlocked.Increment(ref s_count)}");

    /// <summary>The silo's stand-in.</summary>
    public string Program => Path.Combine(Folder, "silo.sh");

    /// <summary>Options of a cluster in this folder.</summary>
    public LocalClusterOptions Options => new()
    {
        Silos = 2, Folder = Folder, SiloProgram = [Program], StartTime = TimeSpan.FromSeconds(60),
    };

    /// <summary>Process ids of all that works in the folder, which every part of a cluster does.</summary>
    public IReadOnlyList<int> Processes() =>
    [
        .. Directory.GetDirectories("/proc").Select(Path.GetFileName).Where(name => int.TryParse(name, out _))
            .Where(name => new FileInfo($"/proc/{name}/cwd").LinkTarget?.StartsWith(
                Folder, StringComparison.Ordinal) is true)
            .Select(name => int.Parse(name!, System.Globalization.CultureInfo.InvariantCulture)),
    ];

    /// <summary>Waits until nothing works in the folder any more.</summary>
    public Task Deserted() => Eventually.Holds(
        () => Processes().Count == 0, () => $"still there: {string.Join(", ", Processes())}");

    /// <summary>Reads events up to one of a kind, about a name if one is given.</summary>
    public static async Task<LocalEvent> Heard(
        ChannelReader<LocalEvent> events, LocalEventKind kind, string? name = null)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Eventually.Limit);
        await foreach (var what in events.ReadAllAsync(patience.Token))
        {
            if (what.Kind == kind && (name is null || what.Name == name))
            {
                return what;
            }
        }

        throw new InvalidOperationException($"the cluster ended before {kind} of {name}.");
    }

    public void Dispose()
    {
        // Only after a test that failed is there anything; it is ours, since it works in our folder.
        for (var tries = 0; tries < 100 && Processes() is { Count: > 0 } left; tries++)
        {
            foreach (var process in left)
            {
                EbmProcess.Kill(process);
            }

            Thread.Sleep(50);
        }

        Directory.Delete(Folder, recursive: true);
    }
}
