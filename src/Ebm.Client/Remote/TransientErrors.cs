using System.Net.Sockets;
using Ebm.Grains.Stores;
using Orleans.Serialization;

namespace Ebm.Client.Remote;

/// <summary>
/// Failures that do not depend on the call's content: the same call may succeed a little later.
/// </summary>
internal static class TransientErrors
{
    // A grain whose store is away may fail with the store's own error, of which only a stand-in arrives here.
    private static readonly string[] OfStores = ["StackExchange.Redis.", "Orleans."];

    /// <summary>
    /// Whether an exception is one of them: a silo that died, no gateway, no answer in time, a store that is away.
    /// </summary>
    public static bool Is(Exception e) => e switch
    {
        TimeoutException or OrleansException or OperationCanceledException => true,
        SocketException or IOException or StoreUnavailableException => true,
        UnavailableExceptionFallbackException { ExceptionType: { } type } =>
            OfStores.Any(prefix => type.StartsWith(prefix, StringComparison.Ordinal)),
        _ => false,
    };

    /// <summary>Its first sentence: what follows is for those who run the cluster.</summary>
    public static string Brief(Exception e)
    {
        const int Longest = 160;
        if (e is TimeoutException)
        {
            return "no answer in time";
        }

        var line = e.Message.Split('\n')[0].Trim();
        var end = line.IndexOf(". ", StringComparison.Ordinal);
        line = end > 0 ? line[..end] : line;
        return line.Length <= Longest ? line : line[..Longest] + "...";
    }
}
