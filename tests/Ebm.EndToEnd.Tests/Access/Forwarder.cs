using System.Net;
using System.Net.Sockets;

namespace Ebm.EndToEnd.Tests.Access;

/// <summary>
/// Forwards connections to a port from the same port of another address of this machine, as <c>kubectl port-forward</c>
/// does.
/// </summary>
internal sealed class Forwarder : IDisposable
{
    public const string Host = "127.0.0.2";

    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _end = new();

    public Forwarder(int port)
    {
        _listener = new TcpListener(IPAddress.Parse(Host), port);
        _listener.Start();
        _ = Accept(port);
    }

    public void Dispose()
    {
        _end.Cancel();
        _listener.Stop();
        _end.Dispose();
    }

    private async Task Accept(int port)
    {
        while (!_end.IsCancellationRequested)
        {
            _ = Join(await _listener.AcceptTcpClientAsync(_end.Token), port, _end.Token);
        }
    }

    private static async Task Join(TcpClient near, int port, CancellationToken end)
    {
        using var far = new TcpClient();
        using (near)
        {
            await far.ConnectAsync(IPAddress.Loopback, port, end);
            await Task.WhenAny(
                near.GetStream().CopyToAsync(far.GetStream(), end), far.GetStream().CopyToAsync(near.GetStream(), end));
        }
    }
}
