using System.Net.Sockets;
using System.Text;

namespace Ebm.Client.Local;

/// <summary>Polls a Redis on this machine until it serves; it does not serve while it loads its log.</summary>
internal static class RedisPing
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50), Timeout = TimeSpan.FromSeconds(2);

    /// <summary>Polls until Redis serves.</summary>
    public static async Task WaitUntilReady(int port, string password, CancellationToken stopping)
    {
        while (!await Ping(port, password, stopping))
        {
            await Task.Delay(PollInterval, stopping);
        }
    }

    private static async Task<bool> Ping(int port, string password, CancellationToken stopping)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        deadline.CancelAfter(Timeout);
        try
        {
            using var connection = new TcpClient();
            await connection.ConnectAsync("127.0.0.1", port, deadline.Token);
            var stream = connection.GetStream();
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"AUTH {password}\r\nPING\r\n"), deadline.Token);
            using var reader = new StreamReader(stream, Encoding.ASCII);
            return await reader.ReadLineAsync(deadline.Token) == "+OK"
                && await reader.ReadLineAsync(deadline.Token) == "+PONG";
        }
        catch (Exception e) when (e is SocketException or IOException
            || (e is OperationCanceledException && !stopping.IsCancellationRequested))
        {
            return false;
        }
    }
}
