using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using StackExchange.Redis;

namespace Ebm.Grains.Tests.Stores;

/// <summary>
/// A redis-server of a test's own: on a free loopback port, in a folder that goes with it, with a log of what it was
/// told.
/// </summary>
public sealed class RedisServer : IAsyncDisposable
{
    private readonly TempHome _folder = new();
    private readonly string[] _options;
    private Process? _process;
    private bool _disposed;

    private RedisServer(string[] options)
    {
        _options = options;
        Port = FreePort();

        // Also where the test itself is ended: a server that was left would stay for ever.
        AppDomain.CurrentDomain.ProcessExit += (_, _) => End();
    }

    /// <summary>Its port; the same after a restart.</summary>
    public int Port { get; }

    /// <summary>Where it is, for a client.</summary>
    public string Address => $"127.0.0.1:{Port}";

    /// <summary>Its folder.</summary>
    public string Folder => _folder.Path;

    /// <summary>Starts one.</summary>
    public static async Task<RedisServer> Start(params string[] options)
    {
        var server = new RedisServer(options);
        try
        {
            await server.Restart();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>A connection for a store: it waits for the server where that is away.</summary>
    public Task<ConnectionMultiplexer> Connect(string more = "") => Connect(Address, more);

    /// <summary>A connection to anything.</summary>
    public static async Task<ConnectionMultiplexer> Connect(string address, string more) =>
        await ConnectionMultiplexer.ConnectAsync(
            $"{address},abortConnect=false,connectTimeout=1000,asyncTimeout=1000,syncTimeout=1000,connectRetry=1,"
            + $"configCheckSeconds=2,allowAdmin=true{more}");

    /// <summary>kill -9: what was not written to the log is lost.</summary>
    public void Kill()
    {
        _process!.Kill();
        _process.WaitForExit();
    }

    /// <summary>Starts it, again or for the first time, and waits until it answers.</summary>
    public async Task Restart(params string[] more)
    {
        _process = Launch(more);
        for (var i = 0; i < 100; i++)
        {
            if (_process.HasExited)
            {
                throw new InvalidOperationException($"redis-server ended:\n{await File.ReadAllTextAsync(LogFile)}");
            }

            if (await Answers())
            {
                return;
            }

            await Task.Delay(30);
        }

        throw new TimeoutException($"redis-server does not answer:\n{await File.ReadAllTextAsync(LogFile)}");
    }

    /// <summary>Starts it without waiting for it.</summary>
    public void RestartSoon(params string[] more) => _process = Launch(more);

    /// <summary>SIGSTOP: connections stay open, and nothing answers.</summary>
    public void Pause() => Signal("STOP");

    /// <summary>SIGCONT.</summary>
    public void Resume() => Signal("CONT");

    /// <summary>The log of commands that a restart reads back. It is current only after a kill or a second.</summary>
    public string CommandLog => Directory.EnumerateFiles(Path.Combine(Folder, "appendonlydir"), "*.incr.aof").Single();

    /// <summary>
    /// Where commands of the log end, and whether that is inside a transaction: it may be cut there, as by a crash
    /// before the rest was written.
    /// </summary>
    public static IReadOnlyList<(long End, bool InTransaction)> Boundaries(byte[] log)
    {
        var ends = new List<(long, bool)> { (0, false) };
        var inTransaction = false;
        for (var at = 0; at < log.Length;)
        {
            var parts = Number(log, '*', ref at);
            var start = at;
            for (var part = 0; part < parts; part++)
            {
                var length = Number(log, '$', ref at);
                at += (int)length + 2;
            }

            var command = Encoding.ASCII.GetString(log, start, at - start);
            inTransaction = parts == 1 && command.EndsWith("MULTI\r\n", StringComparison.OrdinalIgnoreCase)
                || (inTransaction && !(parts == 1 && command.EndsWith("EXEC\r\n", StringComparison.OrdinalIgnoreCase)));
            ends.Add((at, inTransaction));
        }

        return ends;
    }

    /// <summary>Cuts the log of a server that is down.</summary>
    public void CutLog(long bytes)
    {
        using var file = new FileStream(CommandLog, FileMode.Open, FileAccess.Write);
        file.SetLength(bytes);
    }

    public ValueTask DisposeAsync()
    {
        if (!_disposed)
        {
            _disposed = true;
            End();
            _folder.Dispose();
        }

        return ValueTask.CompletedTask;
    }

    private string LogFile => Path.Combine(Folder, "redis.log");

    private Process Launch(string[] more)
    {
        var start = new ProcessStartInfo("redis-server")
        {
            ArgumentList =
            {
                "--port", Port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--dir", Folder,
                "--appendonly", "yes", "--appendfsync", "everysec", "--save", "", "--logfile", LogFile,
                "--enable-debug-command", "local", "--aof-load-truncated", "yes",
            },
        };
        foreach (var option in _options.Concat(more))
        {
            start.ArgumentList.Add(option);
        }

        return Process.Start(start)!;
    }

    /// <summary>Any answer but "loading" will do: it may ask for a password.</summary>
    private async Task<bool> Answers()
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, Port);
            await client.GetStream().WriteAsync("PING\r\n"u8.ToArray());
            var answer = new byte[64];
            var length = await client.GetStream().ReadAsync(answer);
            return length > 0 && !Encoding.ASCII.GetString(answer, 0, length)
                .StartsWith("-LOADING", StringComparison.Ordinal);
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return false;
        }
    }

    private void Signal(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", _process!.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    private void End()
    {
        if (_process is { HasExited: false })
        {
            // SIGKILL ends a stopped process, too.
            _process.Kill();
            _process.WaitForExit();
        }
    }

    private static long Number(byte[] log, char kind, ref int at)
    {
        if (log[at] != kind)
        {
            throw new InvalidDataException($"expected '{kind}' at {at} of the log");
        }

        var end = Array.IndexOf(log, (byte)'\r', at);
        var number = long.Parse(Encoding.ASCII.GetString(log, at + 1, end - at - 1), CultureInfo.InvariantCulture);
        at = end + 2;
        return number;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
