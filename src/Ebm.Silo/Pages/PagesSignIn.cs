using Ebm.Silo.Access;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Ebm.Silo.Pages;

/// <summary>
/// Asks for a token of the cluster where its silos do: in the link that leads to the pages (it goes into a cookie at
/// once, and out of the address), or as a bearer token in a header, as programs have it. Any role may read.
/// </summary>
internal sealed class PagesSignIn(IServiceProvider services)
{
    private const string Query = "token", Bearer = "Bearer ";

    private readonly AccessTokens? _tokens = services.GetService<AccessTokens>();

    /// <summary>Whether the request may go on; else it has been answered.</summary>
    public async Task<bool> Passes(HttpContext context)
    {
        if (_tokens is null)
        {
            return true;
        }

        // Browsers keep cookies for a host, whatever the port.
        var cookie = $"ebm-{context.Connection.LocalPort}";
        var request = context.Request;
        if (request.Query[Query].ToString() is { Length: > 0 } given
            && await _tokens.Read(given) is { Problem: null } token)
        {
            context.Response.Cookies.Append(cookie, given, new CookieOptions
            {
                HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = request.IsHttps, Expires = token.Expires,
                Path = "/",
            });
            context.Response.Redirect(request.PathBase + request.Path);
            return false;
        }

        var header = request.Headers.Authorization.ToString();
        var shown = header.StartsWith(Bearer, StringComparison.Ordinal)
            ? header[Bearer.Length..]
            : request.Cookies[cookie];
        if (shown is { Length: > 0 } && await _tokens.Read(shown) is { Problem: null })
        {
            return true;
        }

        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        context.Response.ContentType = "text/plain; charset=utf-8";
        await context.Response.WriteAsync("The pages want a token of the cluster: "
            + "open the link that `ebm cluster start --ui` prints, or add ?token=... to the address.\n");
        return false;
    }
}
