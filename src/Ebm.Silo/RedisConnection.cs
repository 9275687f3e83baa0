using Ebm.Contracts.Cluster;
using Ebm.Core;
using StackExchange.Redis;

namespace Ebm.Silo;

/// <summary>A silo's connection to Redis: one for all that it does there.</summary>
public static class RedisConnection
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60), Pause = TimeSpan.FromSeconds(1);
    private static readonly string[] Refusals = ["WRONGPASS", "NOAUTH", "AuthenticationFailure"];

    /// <summary>
    /// Connects; a Redis that is not up yet is waited for a minute, since a cluster's parts start in any order.
    /// </summary>
    /// <exception cref="InputException">It refuses the password, or is no Redis.</exception>
    /// <exception cref="EbmException">It does not answer.</exception>
    public static async Task<IConnectionMultiplexer> Open(
        ClusterAddress address, TimeProvider time, Action<string> waiting)
    {
        var begun = time.GetTimestamp();
        var redis = await ConnectionMultiplexer.ConnectAsync(address.ToRedis());
        while (true)
        {
            string problem;
            try
            {
                await redis.GetDatabase().PingAsync();
                return redis;
            }
            catch (Exception e) when (e is RedisException or TimeoutException)
            {
                problem = Reason(e);
            }

            if (time.GetElapsedTime(begun) > Patience)
            {
                throw new EbmException($"Redis at {address.Host}:{address.Port} does not answer: {problem}");
            }

            waiting($"waiting for Redis at {address.Host}:{address.Port}: {problem}");
            await Task.Delay(Pause, time);
        }

        string Reason(Exception e)
        {
            var text = e.ToString();
            var wrongPassword = Refusals.Any(sign => text.Contains(sign, StringComparison.OrdinalIgnoreCase));
            return wrongPassword
                ? throw new InputException($"Redis at {address.Host}:{address.Port} does not take the password of "
                    + "the address (EBM_REDIS).", e)
                : text.Contains("ProtocolFailure", StringComparison.Ordinal)
                    ? throw new InputException($"what answers at {address.Host}:{address.Port} is no Redis.", e)
                    : e.Message.Split('\n')[0];
        }
    }
}
