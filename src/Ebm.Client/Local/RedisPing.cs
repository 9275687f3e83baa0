using System.Net.Sockets;
using System.Text;

namespace Ebm.Client.Local;

/// <summary>
/// Asks a Redis on this machine whether it serves; while it still reads its log it says that it does not.
/// </summary>
internal static class RedisPing
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50), Patience = TimeSpan.FromSeconds(2);

    /// <summary>Asks until it serves.</summary>
    public static async Task Answers(int port, string password, CancellationToken stopping)
    {
        while (!await Ask(port, password, stopping))
        {
            await Task.Delay(Pause, stopping);
        }
    }

    private static async Task<bool> Ask(int port, string password, CancellationToken stopping)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        patience.CancelAfter(Patience);
        try
        {
            using var connection = new TcpClient();
            await connection.ConnectAsync("127.0.0.1", port, patience.Token);
            var stream = connection.GetStream();
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"AUTH {password}\r\nPING\r\n"), patience.Token);
            using var reader = new StreamReader(stream, Encoding.ASCII);
            return await reader.ReadLineAsync(patience.Token) == "+OK"
                && await reader.ReadLineAsync(patience.Token) == "+PONG";
        }
        catch (Exception e) when (e is SocketException or IOException
            || (e is OperationCanceledException && !stopping.IsCancellationRequested))
        {
            return false;
        }
    }
}
