using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Ebm.Core;

namespace Ebm.Client.Local.Processes;

/// <summary>
/// Ports that nobody listens on. They lie below the range from which the kernel takes the near ends of connections
/// (32768 and up): there a client that tries again and again to reach a server that is down ends up connected to
/// itself, and the server cannot have its port back.
/// </summary>
internal static class FreePorts
{
    private const int First = 20_000, End = 32_000, Tries = 200;

    // Given out a moment ago, and perhaps not listened on yet.
    private static readonly HashSet<int> Given = [];

    /// <summary>A port of 127.0.0.1 that is free now.</summary>
    public static int Next()
    {
        for (var i = 0; i < Tries; i++)
        {
            var port = RandomNumberGenerator.GetInt32(First, End);
            lock (Given)
            {
                if (!Given.Contains(port) && IsFree(port))
                {
                    Given.Add(port);
                    return port;
                }

                if (Given.Count > (End - First) / 2)
                {
                    Given.Clear();
                }
            }
        }

        throw new EbmException($"none of {Tries} ports between {First} and {End} of 127.0.0.1 is free; "
            + "end what listens there.");
    }

    /// <summary>Whether somebody could listen on a port of 127.0.0.1.</summary>
    public static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
