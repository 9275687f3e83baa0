using System.Diagnostics;
using k8s.Models;

namespace Ebm.Deploy.Tests.Topology;

/// <summary>
/// The pods of an overlay on hosts of their own, with the firewalls that its NetworkPolicies ask for: a Redis with its users, control and
/// chain silos with their Deployments' environment, a client, and a stranger: a client in another namespace.
/// </summary>
internal sealed class Cluster : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ebm-topology-").FullName;
    private readonly Manifests _manifests = Overlays.Of("local");
    private readonly Hosts _hosts = new();
    private readonly List<Pod> _pods;
    private readonly Dictionary<string, SiloPod> _silos = [];
    private readonly List<Process> _others = [];

    /// <summary>Makes the hosts, also those of silos that come later.</summary>
    public Cluster(int control, int chains)
    {
        Workload Of(string name) => _manifests.Workloads.Single(w => w.Name == name);
        (string Name, string Namespace, Workload Workload)[] pods =
        [
            ("redis", "ebm", Of("redis")),
            .. Enumerable.Range(1, control).Select(i => ($"control-{i}", "ebm", Of("control"))),
            .. Enumerable.Range(1, chains).Select(i => ($"chains-{i}", "ebm", Of("chains"))),
            ("client", "ebm", Of("console")),
            ("stranger", "other", Of("console")),
        ];
        _pods = [.. pods.Select((p, i) => new Pod(p.Name, p.Namespace, p.Workload, Hosts.Address(i)))];
        for (var i = 0; i < _pods.Count; i++)
        {
            _hosts.Add(_pods[i].Name, i);
            _hosts.Protect(_pods[i].Name, Firewall.Rules(_manifests.All<V1NetworkPolicy>(), _pods[i], _pods));
        }
    }

    /// <summary>The hosts' cables.</summary>
    public Hosts Hosts => _hosts;

    /// <summary>Silos by name.</summary>
    public IReadOnlyDictionary<string, SiloPod> Silos => _silos;

    /// <summary>Starts Redis as its pod is.</summary>
    public void StartRedis()
    {
        var pod = _pods.Single(p => p.Name == "redis").Workload.Pod;
        var configuration = _manifests.ConfigMap(pod.Volumes.Single(v => v.Name == "config").ConfigMap.Name)!.Data["redis.conf"];
        Write("users.acl", _manifests.Secret("ebm-redis-users")!.StringData["users.acl"]);
        Write("keys", _manifests.Secret("ebm-access")!.StringData["keys"]);
        var file = Write("redis.conf", configuration.Replace("/etc/redis/users", _folder, StringComparison.Ordinal)
            .Replace("dir /data", $"dir {_folder}", StringComparison.Ordinal));
        var start = _hosts.Command("redis", "redis-server", file, "--bind", "0.0.0.0", "--logfile", Path.Combine(_folder, "redis.log"));
        _others.Add(Process.Start(start)!);
    }

    /// <summary>Starts a silo on its host.</summary>
    public void StartSilo(string name)
    {
        var pod = _pods.Single(p => p.Name == name);
        _silos.Add(name, new SiloPod(() =>
        {
            var start = _hosts.Command(name, "dotnet", Path.Combine(AppContext.BaseDirectory, "Ebm.Silo.dll"));
            foreach (var (variable, value) in pod.Workload.Environment(_manifests))
            {
                start.Environment[variable] = variable switch
                {
                    "EBM_NAME" => name,
                    "EBM_ADDRESS" => pod.Address,
                    "EBM_REDIS" => Here(value),
                    "EBM_ACCESS_KEYS" => Path.Combine(_folder, "keys"),
                    _ => value,
                };
            }

            start.Environment["EBM_LANES"] = "1";
            return start;
        }, Path.Combine(_folder, name + ".log")));
    }

    /// <summary>Starts a verb of the console on the client's host, with the Job's address and token.</summary>
    public Process StartConsole(params IEnumerable<string> arguments)
    {
        var start = _hosts.Command("client", "dotnet", [Path.Combine(AppContext.BaseDirectory, "ebm.dll"), .. arguments]);
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        start.Environment["EBM_CLUSTER"] = Here(_manifests.Secret("ebm-redis-client")!.StringData["url"]);
        start.Environment["EBM_TOKEN"] = _manifests.Secret("ebm-token")!.StringData["submit"];
        var process = Process.Start(start)!;
        _others.Add(process);
        return process;
    }

    /// <summary>Whether a host gets through to a port of another.</summary>
    public async Task<bool> Reaches(string from, string to, int port)
    {
        var address = _pods.Single(p => p.Name == to).Address;
        var start = _hosts.Command(from, "timeout", "1", "bash", "-c", $"exec 3<> /dev/tcp/{address}/{port}");
        start.RedirectStandardError = true;
        using var tried = Process.Start(start)!;
        await tried.WaitForExitAsync(TestContext.Current.CancellationToken);
        return tried.ExitCode == 0;
    }

    /// <summary>Writes a file for its programs.</summary>
    public string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>The last lines of what every silo has said.</summary>
    public string Logs() => string.Join('\n', Directory.EnumerateFiles(_folder, "*.log").Select(
        log => $"== {Path.GetFileName(log)}\n{string.Join('\n', File.ReadLines(log).TakeLast(15))}"));

    public async ValueTask DisposeAsync()
    {
        try
        {
            await Task.WhenAll(_silos.Values.Select(silo => silo.DisposeAsync().AsTask()));
            foreach (var process in _others)
            {
                process.Kill(entireProcessTree: true);
                await process.WaitForExitAsync();
                process.Dispose();
            }
        }
        finally
        {
            _hosts.Dispose();
            Directory.Delete(_folder, recursive: true);
        }
    }

    private string Here(string url) => url.Replace("@redis:", $"@{_pods.Single(p => p.Name == "redis").Address}:", StringComparison.Ordinal);
}
