using Ebm.Contracts.Cluster;
using StackExchange.Redis;

namespace Ebm.Silo;

/// <summary>Converts a cluster's address to Redis connection settings; silos and consoles use the same.</summary>
internal static class RedisAddress
{
    private const int ConnectTimeout = 5000, AnswerTimeout = 5000, KeepAliveSeconds = 15;

    /// <summary>
    /// Settings of a connection that reconnects as long as the process runs. While Redis is down, calls fail.
    /// </summary>
    public static ConfigurationOptions ToRedis(this ClusterAddress address)
    {
        var options = new ConfigurationOptions
        {
            AbortOnConnectFail = false,
            ConnectTimeout = ConnectTimeout,
            SyncTimeout = AnswerTimeout,
            AsyncTimeout = AnswerTimeout,
            KeepAlive = KeepAliveSeconds,
            ConfigCheckSeconds = KeepAliveSeconds,
            ReconnectRetryPolicy = new ExponentialRetry(250, ConnectTimeout),
            ClientName = "ebm",
            User = address.User,
            Password = address.Password,
            Ssl = address.Tls,
        };
        options.EndPoints.Add(address.Host, address.Port);
        return options;
    }
}
