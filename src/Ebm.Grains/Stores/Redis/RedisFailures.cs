using StackExchange.Redis;

namespace Ebm.Grains.Stores.Redis;

/// <summary>
/// Which failures of a call pass by themselves or by an operator's hand, in the words of a run's status.
/// </summary>
internal static class RedisFailures
{
    /// <summary>What is wrong, if the same call is worth repeating; else null.</summary>
    public static string? Reason(Exception e, string address) => e switch
    {
        RedisServerException answer => Of(answer, address),
        RedisConnectionException { FailureType: ConnectionFailureType.AuthenticationFailure } => Refused(address),
        RedisConnectionException { FailureType: ConnectionFailureType.Loading } => Loads(address),
        RedisConnectionException fault when fault.Message.Contains("requires writable", StringComparison.Ordinal) =>
            ReadOnly(address),
        RedisConnectionException fault when SpeaksAnotherProtocol(fault) => $"What answers at {address} is no Redis",
        RedisConnectionException or RedisTimeoutException => $"Redis does not answer at {address}",
        _ => null,
    };

    /// <summary>Whether Redis answers and refuses writes alone: reads that succeed do not end the trouble.</summary>
    public static bool IsOfWrites(Exception e) => e is RedisServerException
    {
        Kind: RedisErrorKind.OutOfMemory or RedisErrorKind.ReadOnly or RedisErrorKind.Misconfigured
            or RedisErrorKind.NoReplicas
    };

    private static string? Of(RedisServerException e, string address) => e.Kind switch
    {
        RedisErrorKind.OutOfMemory => "Redis is out of memory (maxmemory reached): give it more, or delete runs",
        RedisErrorKind.ReadOnly => ReadOnly(address),
        RedisErrorKind.Misconfigured => "Redis cannot write to its disk and takes nothing: its log says why",
        RedisErrorKind.NoReplicas => "Redis takes nothing: it has fewer replicas than min-replicas-to-write asks for",
        RedisErrorKind.Loading => Loads(address),
        RedisErrorKind.Busy => $"Redis at {address} is busy with another script",
        RedisErrorKind.MasterDown => $"Redis at {address} is a replica that has lost its master",
        RedisErrorKind.ClusterDown or RedisErrorKind.TryAgain or RedisErrorKind.Moved or RedisErrorKind.Ask
            or RedisErrorKind.UnknownRedirectTarget => "The Redis cluster does not serve all its slots",
        RedisErrorKind.MaxClients => $"Redis at {address} has as many clients as it takes (maxclients)",
        RedisErrorKind.NoAuth or RedisErrorKind.WrongPass => Refused(address),

        // A Redis that was started again knows no scripts; the second try brings the text along.
        RedisErrorKind.NoScript => $"Redis at {address} was started again",
        _ => null,
    };

    private static string ReadOnly(string address) => $"Redis at {address} is a read-only replica: name its master";

    private static string Loads(string address) => $"Redis at {address} is loading its data";

    private static string Refused(string address) => $"Redis at {address} refuses the password: check it";

    private static bool SpeaksAnotherProtocol(RedisConnectionException e) =>
        e.FailureType == ConnectionFailureType.ProtocolFailure
        || (e.FailureType == ConnectionFailureType.InternalFailure && HasInner<InvalidOperationException>(e));

    private static bool HasInner<T>(Exception e) where T : Exception
    {
        for (var inner = e.InnerException; inner is not null; inner = inner.InnerException)
        {
            if (inner is T)
            {
                return true;
            }
        }

        return false;
    }
}
