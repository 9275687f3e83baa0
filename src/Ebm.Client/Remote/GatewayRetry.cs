using Ebm.Contracts.Cluster;
using Ebm.Silo.Tls;
using Orleans.Runtime.Messaging;

namespace Ebm.Client.Remote;

/// <summary>Lets the client try again while silos come up, and says what was wrong when they do not.</summary>
internal sealed class GatewayRetry(ClusterWait waiting, TimeProvider time) : IClientConnectionRetryFilter
{
    private static string Tls => Environment.GetEnvironmentVariable(TlsTrust.Variable) is { Length: > 0 } file
        ? $"They have to speak TLS with a certificate of the authority in {file} ({TlsTrust.Variable})."
        : $"If they speak TLS, set {TlsTrust.Variable} to the file of their authority.";

    public async Task<bool> ShouldRetryConnectionAttempt(Exception exception, CancellationToken cancellationToken)
    {
        if (!waiting.Permits(exception))
        {
            return false;
        }

        await Task.Delay(ClusterWait.Backoff.First, time, cancellationToken);
        return true;
    }

    /// <summary>What it means, once Redis itself has answered.</summary>
    public static string What(Exception failure, ClusterAddress address) => failure switch
    {
        _ when address.IsGateway =>
            $"no gateway of a cluster '{address.ClusterId}' answers at {address.Host}:{address.Port}. "
                + "Check that it is open or forwarded (from the same number of port: "
                + $"a gateway knows itself by that), and the cluster's id. {Tls}",
        SiloUnavailableException =>
            "Redis answers, but no silo with a gateway is entered there. Check that silos run, and that "
                + "their cluster id is the one of this address.",
        ConnectionFailedException or TimeoutException =>
            "silos are entered in its Redis, but no gateway of theirs answers. "
                + "Check that the silos run, and that their "
            + $"addresses and gateway ports can be reached from here. {Tls}",
        _ => $"Redis answered at first, and then: {TransientErrors.Brief(failure)}. Check that it is up.",
    };
}
