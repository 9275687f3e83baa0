using System.Net;
using Microsoft.AspNetCore.Http;

namespace Ebm.Silo.Pages;

/// <summary>
/// Who may see the pages, asked before anything is answered. Whoever reaches the address may; but a page of some other
/// site that a browser has open may not, neither by a request of its own nor by a name that it lets point here (DNS
/// rebinding).
/// </summary>
internal sealed class PagesAccess(PagesOptions options)
{
    private static readonly string[] OwnSites = ["same-origin", "none", ""];

    /// <summary>Why a request is refused; null where it is not.</summary>
    public string? Refusal(HttpRequest request)
    {
        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method))
        {
            return "the pages are only read: GET or HEAD.";
        }

        if (IPAddress.IsLoopback(options.Address) && !IsThisMachine(request.Host.Host))
        {
            return $"'{request.Host.Host}' is no name of this machine; use 127.0.0.1 or localhost.";
        }

        var site = request.Headers["Sec-Fetch-Site"].ToString();
        var isLink = request.Headers["Sec-Fetch-Mode"] == "navigate";
        return isLink || OwnSites.Contains(site) ? null : "another site asked for it.";
    }

    private static bool IsThisMachine(string host) =>
        host == "localhost" || (IPAddress.TryParse(host.Trim('[', ']'), out var address)
            && IPAddress.IsLoopback(address));
}
