using Ebm.Contracts.Access;
using Ebm.Silo.Access;
using Ebm.Silo.Pages;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Ebm.Silo.Tests.Pages;

public sealed class PagesSignInTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly AccessTokens _tokens;
    private readonly DefaultHttpContext _context = new();

    public PagesSignInTests()
    {
        var time = new FakeTimeProvider();
        _tokens = new AccessTokens(
            new AccessKeys(_folder.Write("keys", AccessKey.New("local").Line), time), "ebm", time);
    }

    private string Token => _tokens.Make("rita", Role.Read, TimeSpan.FromHours(1));

    [Fact]
    public async Task Passes_WithoutAccessControl_LetsAllIn()
    {
        using var services = new ServiceCollection().BuildServiceProvider();

        Assert.True(await new PagesSignIn(services).Passes(_context));
    }

    [Fact]
    public async Task Passes_ATokenInTheLink_MovesItIntoACookie()
    {
        (_context.Request.Path, _context.Connection.LocalPort) = ("/runs/a", 8080);
        _context.Request.QueryString = new QueryString("?token=" + Token);

        Assert.False(await Passes());

        var cookie = _context.Response.Headers.SetCookie.ToString();
        Assert.Equal((302, "/runs/a"), (_context.Response.StatusCode, _context.Response.Headers.Location.ToString()));
        Assert.StartsWith("ebm-8080=eyJ", cookie, StringComparison.Ordinal);
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Passes_ATokenInTheHeaderOrTheCookie_LetsItIn()
    {
        _context.Request.Headers.Authorization = "Bearer " + Token;
        Assert.True(await Passes());

        _context.Request.Headers.Remove("Authorization");
        _context.Request.Headers.Cookie = $"ebm-{_context.Connection.LocalPort}={Token}";
        Assert.True(await Passes());
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("Bearer nonsense", "")]
    [InlineData("", "?token=nonsense")]
    public async Task Passes_NoGoodToken_Answers401(string header, string query)
    {
        _context.Request.Headers.Authorization = header;
        _context.Request.QueryString = new QueryString(query);

        Assert.False(await Passes());

        Assert.Equal(StatusCodes.Status401Unauthorized, _context.Response.StatusCode);
        Assert.Empty(_context.Response.Headers.SetCookie.ToString());
    }

    public void Dispose() => _folder.Dispose();

    private async Task<bool> Passes()
    {
        using var services = new ServiceCollection().AddSingleton(_tokens).BuildServiceProvider();
        return await new PagesSignIn(services).Passes(_context);
    }
}
