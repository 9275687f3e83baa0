using Ebm.Client.Local.Processes;
using Ebm.Contracts.Access;
using Ebm.Silo.Access;

namespace Ebm.Client.Local;

/// <summary>
/// Access to a cluster on this machine: the user who started it can read its token, and no other user.
/// </summary>
internal static class LocalAccess
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(365);

    /// <summary>
    /// Creates a key and a token for a new cluster, stores both in its folder, and returns the token.
    /// </summary>
    public static string Create(ClusterFolder folder, string cluster)
    {
        PrivateFile.Write(folder.Keys, AccessKey.New("local").Line + "\n");
        var tokens = new AccessTokens(new AccessKeys(folder.Keys, TimeProvider.System), cluster, TimeProvider.System);
        var token = tokens.Make(Environment.UserName, Role.Admin, Lifetime);
        PrivateFile.Write(folder.Token, token + "\n");
        return token;
    }
}
