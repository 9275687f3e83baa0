using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Ebm.EndToEnd.Tests.Console;

/// <summary>A Redis of a test's own.</summary>
internal sealed class RedisServer : IDisposable
{
    private readonly Process _process;

    private RedisServer(Process process, int port) => (_process, Port) = (process, port);

    /// <summary>Its port on the loopback interface.</summary>
    public int Port { get; }

    /// <summary>A port at which nothing listens.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Starts one that keeps nothing.</summary>
    public static async Task<RedisServer> Start(string folder, string? password = null, int? at = null)
    {
        var port = at ?? FreePort();
        var start = new ProcessStartInfo("redis-server") { WorkingDirectory = folder, RedirectStandardOutput = true };
        string[] arguments = ["--port", $"{port}", "--bind", "127.0.0.1", "--save", "",
            .. password is null ? [] : (string[])["--requirepass", password]];
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        var process = Process.Start(start)!;
        while (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            if (line.Contains("Ready to accept connections", StringComparison.Ordinal))
            {
                return new RedisServer(process, port);
            }
        }

        throw new InvalidOperationException("redis-server ended before it was ready.");
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}
