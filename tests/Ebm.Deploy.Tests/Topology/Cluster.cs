using System.Diagnostics;
using k8s.Models;

namespace Ebm.Deploy.Tests.Topology;

/// <summary>
/// The pods of the overlay for production on hosts of their own, with the firewalls that its NetworkPolicies ask for: a
/// Redis with its users and certificate, control and chain silos with their Deployments' environment and certificate
/// (on a CPU), a client with the Job's environment, and a stranger: a client in another namespace.
/// </summary>
internal sealed class Cluster : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ebm-topology-").FullName;
    private readonly Manifests _manifests = Overlays.Of("production");
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
            ("client", "ebm", Of("submit-two-moons")),
            ("stranger", "other", Of("console")),
        ];
        _pods = [.. pods.Select((p, i) => new Pod(p.Name, p.Namespace, p.Workload, Hosts.Address(i)))];
        for (var i = 0; i < _pods.Count; i++)
        {
            _hosts.Add(_pods[i].Name, i, $"{_pods[0].Address} redis");
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
        var configuration = _manifests.ConfigMap(
            pod.Volumes.Single(v => v.Name == "config").ConfigMap.Name)!.Data["redis.conf"];
        var file = Write(
            "redis.conf",
            Here("redis", configuration).Replace("dir /data", $"dir {_folder}", StringComparison.Ordinal));
        var start = _hosts.Command(
            "redis", "redis-server",
            [file, "--bind", "0.0.0.0", .. pod.Containers[0].Args.Select(a => Here("redis", a)), "--logfile",
                Path.Combine(_folder, "redis.log")]);
        _others.Add(Process.Start(start)!);
    }

    /// <summary>Starts a silo on its host.</summary>
    public void StartSilo(string name)
    {
        var pod = _pods.Single(p => p.Name == name);
        _silos.Add(name, new SiloPod(() =>
        {
            var start = _hosts.Command(name, "dotnet", Path.Combine(AppContext.BaseDirectory, "Ebm.Silo.dll"));
            SetEnvironment(start, name);
            (start.Environment["EBM_NAME"], start.Environment["EBM_ADDRESS"]) = (name, pod.Address);
            (start.Environment["EBM_DEVICE"], start.Environment["EBM_LANES"]) = ("cpu", "1");
            return start;
        }, Path.Combine(_folder, name + ".log")));
    }

    /// <summary>Starts a command of the console on the client's host.</summary>
    public Process StartConsole(params IEnumerable<string> arguments)
    {
        var start = _hosts.Command(
            "client", "dotnet", [Path.Combine(AppContext.BaseDirectory, "ebm.dll"), .. arguments]);
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        SetEnvironment(start, "client");
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

    private void SetEnvironment(ProcessStartInfo start, string name)
    {
        foreach (var (variable, value) in _pods.Single(p => p.Name == name).Workload.Environment(_manifests))
        {
            start.Environment[variable] = Here(name, value);
        }
    }

    /// <summary>
    /// A text in which the paths at which a pod has its Secrets are those of files that were written for it.
    /// </summary>
    private string Here(string name, string text)
    {
        var pod = _pods.Single(p => p.Name == name).Workload.Pod;
        foreach (var volume in pod.Volumes.Where(v => v.Secret is not null))
        {
            var folder = Path.Combine(_folder, volume.Secret.SecretName);
            if (!Directory.Exists(folder))
            {
                Directory.CreateDirectory(folder);
                foreach (var (file, content) in _manifests.Secret(volume.Secret.SecretName)!.StringData)
                {
                    File.WriteAllText(Path.Combine(folder, file), content);
                }
            }

            text = text.Replace(
                pod.Containers[0].VolumeMounts.Single(m => m.Name == volume.Name).MountPath, folder,
                StringComparison.Ordinal);
        }

        return text;
    }
}
