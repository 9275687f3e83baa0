using System.Net;
using Ebm.Silo.Pages;
using Microsoft.AspNetCore.Http;

namespace Ebm.Silo.Tests.Pages;

public sealed class PagesAccessTests
{
    [Theory]
    [InlineData("GET", "localhost:80", "", "", null)]
    [InlineData("HEAD", "127.0.0.1:80", "", "", null)]
    [InlineData("GET", "[::1]:80", "same-origin", "", null)]
    [InlineData("GET", "localhost:80", "cross-site", "navigate", null)]
    [InlineData("GET", "localhost:80", "cross-site", "no-cors", "another site asked for it.")]
    [InlineData("POST", "localhost:80", "", "", "the pages are only read: GET or HEAD.")]
    [InlineData(
        "GET", "evil.example:80", "", "",
        "'evil.example' is no name of this machine; use 127.0.0.1 or localhost.")]
    public void Refusal_OfALocalPage_StopsOtherSitesAndNames(
        string method, string host, string site, string mode, string? expected) =>
        Assert.Equal(expected, new PagesAccess(PagesOptions.Local(80)).Refusal(Request(method, host, site, mode)));

    [Fact]
    public void Refusal_OfAPageForOtherMachines_AcceptsAnyName() => Assert.Null(
        new PagesAccess(new PagesOptions(IPAddress.Any, 80)).Refusal(Request("GET", "ebm.example:80", "", "")));

    private static HttpRequest Request(string method, string host, string site, string mode)
    {
        var request = new DefaultHttpContext().Request;
        (request.Method, request.Host) = (method, new HostString(host));
        (request.Headers["Sec-Fetch-Site"], request.Headers["Sec-Fetch-Mode"]) = (site, mode);
        return request;
    }
}
