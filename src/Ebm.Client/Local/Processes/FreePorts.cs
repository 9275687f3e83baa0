using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Ebm.Core;

namespace Ebm.Client.Local.Processes;

/// <summary>
/// Free TCP ports, below the kernel's ephemeral range (32768 and up). In that range a client that keeps connecting to a
/// server that is down can connect to itself, and then the server cannot listen on its port again.
/// </summary>
internal static class FreePorts
{
    private const int First = 20_000, End = 32_000, Tries = 200;

    // Recently returned ports, whose processes may not listen yet.
    private static readonly HashSet<int> Given = [];

    /// <summary>Returns a free port of 127.0.0.1.</summary>
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

        throw new EbmException(
            $"found no free port on 127.0.0.1: {Tries} random ports from {First} to {End} are in use. "
            + "End the processes that listen there.");
    }

    /// <summary>Whether this process can listen on a port of 127.0.0.1.</summary>
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
