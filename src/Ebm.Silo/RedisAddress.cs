using Ebm.Contracts.Cluster;
using StackExchange.Redis;

namespace Ebm.Silo;

/// <summary>
/// A cluster's address as the settings of a connection to its Redis, the same for silos and consoles.
/// </summary>
public static class RedisAddress
{
    private const int ConnectTimeout = 5000, AnswerTimeout = 5000, KeepAliveSeconds = 15;

    /// <summary>
    /// Settings of a connection that outlives its Redis: it is made anew for as long as the process runs, and calls
    /// fail meanwhile.
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
