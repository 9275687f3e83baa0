using Ebm.Contracts.Cluster;
using Ebm.Contracts.Retries;
using Ebm.Core;
using StackExchange.Redis;

namespace Ebm.Silo;

/// <summary>A silo's only connection to Redis.</summary>
internal static class RedisConnection
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);
    private static readonly Backoff Backoff = Backoff.Constant(TimeSpan.FromSeconds(1));
    private static readonly string[] PasswordErrors = ["WRONGPASS", "NOAUTH", "AuthenticationFailure"];

    /// <summary>
    /// Connects. It retries for a minute if Redis is down, because the processes of a cluster start in any order.
    /// </summary>
    /// <exception cref="InputException">Redis rejects the password, or the server is not Redis.</exception>
    /// <exception cref="EbmException">Redis does not answer.</exception>
    public static async Task<IConnectionMultiplexer> Open(
        ClusterAddress address, TimeProvider time, Action<string> waiting)
    {
        var started = time.GetTimestamp();
        var redis = await ConnectionMultiplexer.ConnectAsync(address.ToRedis());
        await Retry.Call(
            () => redis.GetDatabase().PingAsync(),
            e => e is RedisException or TimeoutException,
            Backoff,
            OnRetry,
            time,
            CancellationToken.None);
        return redis;

        void OnRetry(FailedAttempt failed)
        {
            var problem = Reason(failed.Failure);
            if (time.GetElapsedTime(started) > Timeout)
            {
                throw new EbmException($"Redis at {address.Host}:{address.Port} does not answer: {problem}");
            }

            waiting($"waiting for Redis at {address.Host}:{address.Port}: {problem}");
        }

        string Reason(Exception e)
        {
            var text = e.ToString();
            var wrongPassword = PasswordErrors.Any(sign => text.Contains(sign, StringComparison.OrdinalIgnoreCase));
            return wrongPassword
                ? throw new InputException(
                    $"Redis at {address.Host}:{address.Port} rejects the password. "
                    + "Check the password in the address (EBM_REDIS).", e)
                : text.Contains("ProtocolFailure", StringComparison.Ordinal)
                    ? throw new InputException(
                        $"the server at {address.Host}:{address.Port} is not Redis. Check the address (EBM_REDIS).", e)
                    : e.Message.Split('\n')[0];
        }
    }
}
