using Ebm.Contracts.Cluster;

namespace Ebm.Client.Remote;

/// <summary>The cluster that a user named.</summary>
/// <param name="Address">Where it is.</param>
/// <param name="IsOption">Whether it was named on the command line, so that the next command needs it there
/// again.</param>
/// <param name="Patience">How long to wait for it to answer at first.</param>
internal sealed record ClusterName(ClusterAddress Address, bool IsOption, TimeSpan Patience)
{
    /// <summary>
    /// What has to be added to a command so that it finds this cluster, with *** in the place of a password.
    /// </summary>
    public string Suffix => IsOption ? $" --cluster {Address}" : "";

    public override string ToString() => Address.ToString();
}
