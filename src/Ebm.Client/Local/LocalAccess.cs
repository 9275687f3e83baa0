using Ebm.Client.Local.Processes;
using Ebm.Contracts.Access;
using Ebm.Silo.Access;

namespace Ebm.Client.Local;

/// <summary>
/// Who may use a cluster on this machine: whoever can read its files, which is the user who started it.
/// </summary>
internal static class LocalAccess
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(365);

    /// <summary>Makes a key and a token for a cluster that begins, and leaves both in its folder.</summary>
    public static string Begin(ClusterFolder folder, string cluster)
    {
        PrivateFile.Write(folder.Keys, AccessKey.New("local").Line + "\n");
        var tokens = new AccessTokens(new AccessKeys(folder.Keys, TimeProvider.System), cluster, TimeProvider.System);
        var token = tokens.Make(Environment.UserName, Role.Admin, Lifetime);
        PrivateFile.Write(folder.Token, token + "\n");
        return token;
    }
}
