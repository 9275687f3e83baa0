using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Ebm.Contracts.Cluster;
using Ebm.Silo;
using StackExchange.Redis;

namespace Ebm.Deploy.Tests;

/// <summary>A Redis of this machine with the configuration, users and arguments that an overlay gives it.</summary>
internal sealed class RedisOfManifests : IAsyncDisposable
{
    private const string Data = "/data", Users = "/etc/redis/users", Certificates = "/etc/redis/tls";

    private readonly string _folder = Directory.CreateTempSubdirectory("ebm-redis-").FullName;
    private readonly Manifests _manifests;
    private readonly Process _process;
    private readonly int _port = FreePort();

    public RedisOfManifests(string overlay)
    {
        _manifests = Overlays.Of(overlay);
        var pod = _manifests.Workloads.Single(w => w.Name == "redis").Pod;
        Write("users.acl", _manifests.Secret("ebm-redis-users")!.StringData["users.acl"]);
        Write("redis.conf", Here(_manifests.ConfigMap(
            pod.Volumes.Single(v => v.Name == "config").ConfigMap.Name)!.Data["redis.conf"]));
        Write("keys", _manifests.Secret("ebm-access")!.StringData["keys"]);
        foreach (var (name, text) in _manifests.Secret("ebm-redis-tls")?.StringData ?? new Dictionary<string, string>())
        {
            Write(name, text);
        }

        var port = _port.ToString(System.Globalization.CultureInfo.InvariantCulture);
        string[] arguments = [.. (pod.Containers[0].Args ?? ["--port", "6379"])
            .Select(a => a == "6379" ? port : Here(a))];
        _process = Process.Start(new ProcessStartInfo(
            "redis-server",
            [PathOf("redis.conf"), "--bind", "127.0.0.1", .. arguments]) { RedirectStandardOutput = true })!;
        _process.OutputDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
    }

    /// <summary>The file of keys that silos have.</summary>
    public string Keys => PathOf("keys");

    /// <summary>The CA that its certificate is of.</summary>
    public string Authority => PathOf("ca.crt");

    /// <summary>The address that a Secret has for a user, here.</summary>
    public string AddressOf(string user) => _manifests.Secret("ebm-redis-" + user)!.StringData["url"]
        .Replace("@redis:6379", FormattableString.Invariant($"@localhost:{_port}"), StringComparison.Ordinal);

    /// <summary>A connection as a user of the Secrets, or as the one for people.</summary>
    public async Task<IConnectionMultiplexer> Connect(string user)
    {
        var options = ClusterAddress.Parse(AddressOf(user == "admin" ? "silo" : user)).ToRedis();
        options.AllowAdmin = true;
        if (user == "admin")
        {
            (options.User, options.Password) = (user, _manifests.Secret("ebm-admin")!.StringData["redis"]);
        }

        var redis = await ConnectionMultiplexer.ConnectAsync(options);
        for (var tries = 0; !redis.IsConnected && tries < 300; tries++)
        {
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        return redis;
    }

    /// <summary>A port that nothing listens on.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private string Here(string text) => text.Replace(Users, _folder, StringComparison.Ordinal)
        .Replace(Certificates, _folder, StringComparison.Ordinal)
        .Replace($"dir {Data}", $"dir {_folder}", StringComparison.Ordinal);

    private string PathOf(string name) => Path.Combine(_folder, name);

    private void Write(string name, string text) => File.WriteAllText(PathOf(name), text);
}
