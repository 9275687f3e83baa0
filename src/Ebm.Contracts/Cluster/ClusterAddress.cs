using System.Text.RegularExpressions;
using Ebm.Core;

namespace Ebm.Contracts.Cluster;

/// <summary>
/// Where a cluster is found: the Redis in which its silos meet, and the cluster's name there, written
/// <c>redis://[user][:password@]host:port[/cluster-id]</c>, or <c>rediss://</c> for TLS; or, for a client that cannot
/// or should not reach Redis, one gateway, written <c>ebm://host:port[/cluster-id]</c>.
/// </summary>
/// <param name="Host">Redis's host: a name or an address.</param>
/// <param name="Port">Its port.</param>
/// <param name="User">The user to log in as, or null for the default one.</param>
/// <param name="Password">The password, or null for none.</param>
/// <param name="Tls">Whether the connection to Redis is encrypted.</param>
/// <param name="ClusterId">The cluster's name: several may meet in one Redis.</param>
internal sealed partial record ClusterAddress(
    string Host, int Port, string? User, string? Password, bool Tls, string ClusterId)
{
    /// <summary>The cluster's name where none is given.</summary>
    public const string DefaultId = "ebm";

    /// <summary>Whether host and port are those of a gateway, and not of Redis.</summary>
    public bool IsGateway { get; init; }

    /// <summary>What the cluster's data is to Orleans: clusters in one Redis share none of it.</summary>
    public string ServiceId => ClusterId;

    private const string Expected =
        "expected redis://[:password@]host:port[/cluster-id], such as redis://localhost:6379 (rediss:// for TLS), or "
            + "ebm://host:port[/cluster-id] of a gateway";

    /// <summary>Reads the written form.</summary>
    /// <exception cref="InputException">It is none. The message shows no password.</exception>
    public static ClusterAddress Parse(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("redis" or "rediss" or "ebm"))
        {
            throw Bad(text, "it is no address of a Redis or of a gateway");
        }

        if (uri.Host.Length == 0 || uri.Port < 1)
        {
            throw Bad(text, uri.Host.Length == 0 ? "the host is missing" : "the port is missing");
        }

        if (uri.Query.Length > 0 || uri.Fragment.Length > 0)
        {
            throw Bad(text, "there is something after the cluster's id (in a password, write "
                + "'?' as %3F and '#' as %23)");
        }

        var id = Uri.UnescapeDataString(uri.AbsolutePath.TrimStart('/'));
        if (id.Length > 0 && !IdForm().IsMatch(id))
        {
            throw Bad(text, "what follows the port cannot be a cluster's id, which has at most 60 letters, "
                + "digits, '-', '_' and '.'");
        }

        if (uri.Scheme == "ebm" && uri.UserInfo.Length > 0)
        {
            throw Bad(text, "a gateway takes no user and no password; give a token in EBM_TOKEN or EBM_TOKEN_FILE");
        }

        var login = uri.UserInfo.Split(':', 2);
        return new ClusterAddress(
            uri.DnsSafeHost, uri.Port, Text(login[0]), login.Length == 2 ? Text(login[1]) : null,
            uri.Scheme == "rediss",
            id.Length == 0 ? DefaultId : id)
        {
            IsGateway = uri.Scheme == "ebm",
        };
    }

    /// <summary>The written form, with *** in the place of a password: it ends up on screens and in logs.</summary>
    public override string ToString()
    {
        var login = User + (Password is null ? "" : ":***") is { Length: > 0 } shown ? shown + "@" : "";
        var host = Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host;
        var scheme = IsGateway ? "ebm" : Tls ? "rediss" : "redis";
        var path = ClusterId == DefaultId ? "" : "/" + ClusterId;
        return $"{scheme}://{login}{host}:{Port}{path}";
    }

    private static string? Text(string escaped) => escaped.Length == 0 ? null : Uri.UnescapeDataString(escaped);

    private static InputException Bad(string text, string what)
    {
        // Whatever precedes the last @ may be a password, also where it is not written as one.
        var at = text.LastIndexOf('@');
        return new InputException($"'{(at < 0 ? text : "***" + text[at..])}' names no cluster: {what}; {Expected}.");
    }

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]{0,59}\\z")]
    private static partial Regex IdForm();
}
