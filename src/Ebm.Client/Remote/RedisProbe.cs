using System.Net.Sockets;
using Ebm.Contracts.Cluster;
using Ebm.Contracts.Retries;
using Ebm.Silo;
using StackExchange.Redis;

namespace Ebm.Client.Remote;

/// <summary>
/// Whether there is a Redis at a cluster's address that lets us in. Asked before anything else, because Orleans' client
/// does not tell apart why its list of silos cannot be read.
/// </summary>
internal static class RedisProbe
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(3);

    /// <summary>Returns when Redis answers.</summary>
    /// <exception cref="UnreachableException">It does not for too long, or refuses us, which no waiting
    /// changes.</exception>
    public static async Task WaitFor(ClusterName name, ClusterWait waiting, TimeProvider time)
    {
        try
        {
            await Retry.Call(
                () => Ask(name.Address),
                e => IsTransient(e) && waiting.Permits(e),
                ClusterWait.Backoff,
                _ => { },
                time,
                CancellationToken.None);
        }
        catch (RedisConnectionException e) when (IsRefusal(e))
        {
            throw new UnreachableException($"the cluster {name} cannot be reached: {Refusal(name.Address)}", e);
        }
        catch (Exception e) when (IsTransient(e))
        {
            throw waiting.GaveUp(await Reason(name.Address, e), e);
        }
    }

    private static bool IsRefusal(Exception e) =>
        e is RedisConnectionException { FailureType: ConnectionFailureType.AuthenticationFailure };

    private static bool IsTransient(Exception e) =>
        e is RedisException or RedisTimeoutException or SocketException && !IsRefusal(e);

    private static async Task Ask(ClusterAddress address)
    {
        var options = address.ToRedis();
        options.AbortOnConnectFail = true;
        options.ConnectRetry = 1;
        options.ConnectTimeout = (int)Timeout.TotalMilliseconds;
        await using var redis = await ConnectionMultiplexer.ConnectAsync(options);
        await redis.GetDatabase().PingAsync();
    }

    private static string Refusal(ClusterAddress address) => address.Password is null
        ? "Redis wants a password and the address has none. Give redis://:password@host:port."
        : "Redis refuses the password (or the user). Check them; in an address, write '@' as %40, "
            + "'/' as %2F and ':' as %3A.";

    private static async Task<string> Reason(ClusterAddress address, Exception failure)
    {
        var place = $"{address.Host}:{address.Port}";
        using var socket = new TcpClient();
        using var soon = new CancellationTokenSource(Timeout);
        try
        {
            await socket.ConnectAsync(address.Host, address.Port, soon.Token);
        }
        catch (SocketException e)
        {
            return $"there is no Redis at {place} ({e.Message}). Check host and port, and that Redis runs.";
        }
        catch (OperationCanceledException)
        {
            return $"there is no answer from {place}. Check host and port, and whether a firewall is in between.";
        }

        return failure is RedisServerException
            ? $"the Redis at {place} is there and not ready: {TransientErrors.Brief(failure)}."
            : $"something listens at {place} and does not answer as a Redis does. "
                + "Check the port, that Redis is not stuck, and "
                + (address.Tls
                ? "that it uses TLS (redis:// is without)."
                : "whether it uses TLS (rediss:// is with).");
    }
}
