using Ebm.Contracts.Access;
using Ebm.Silo.Access;
using Microsoft.Extensions.Time.Testing;

namespace Ebm.Silo.Tests.Access;

public sealed class AccessTokensTests : IDisposable
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new();
    private readonly AccessKey _key = AccessKey.New("local");

    public static TheoryData<string> Roles => [.. Enum.GetNames<Role>()];

    [Theory]
    [MemberData(nameof(Roles))]
    public async Task Read_ATokenOfTheCluster_GivesItsClaims(string name)
    {
        var role = Enum.Parse<Role>(name);
        var tokens = Tokens("ebm", _key);

        var read = await tokens.Read(tokens.Make("rita", role, Hour));

        Assert.Equal(
            ("rita", role, _time.GetUtcNow() + Hour, null), (read.Name, read.Role, read.Expires, read.Problem));
    }

    [Fact]
    public async Task Read_AKnownToken_ExpiresAtItsTime()
    {
        var tokens = Tokens("ebm", _key);
        var token = tokens.Make("rita", Role.Read, Hour);

        _time.Advance(Hour - TimeSpan.FromSeconds(1));
        Assert.Null((await tokens.Read(token)).Problem);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(("expired", "rita"), ((await tokens.Read(token)).Problem, (await tokens.Read(token)).Name));
    }

    [Fact]
    public async Task Read_ATokenOfAnotherClusterOrKey_RefusesIt()
    {
        var tokens = Tokens("ebm", _key);

        Assert.Equal("bad_token", await Problem(tokens, Tokens("other", _key).Make("eve", Role.Read, Hour)));
        Assert.Equal(
            "bad_token", await Problem(tokens, Tokens("ebm", AccessKey.New("local")).Make("eve", Role.Read, Hour)));
        Assert.Equal("bad_token", await Problem(tokens, new string('x', 100_000)));
        Assert.Equal("bad_token", await Problem(tokens, ""));
    }

    [Fact]
    public async Task Read_ATokenWithAnyCharacterChanged_RefusesIt()
    {
        var tokens = Tokens("ebm", _key);
        var token = tokens.Make("eve", Role.Read, Hour);

        // The last character of the signature has two bits that mean nothing.
        for (var i = 0; i < token.Length - 1; i++)
        {
            var altered = token[..i] + (token[i] == 'A' ? 'B' : 'A') + token[(i + 1)..];
            Assert.True(await Problem(tokens, altered) == "bad_token", $"character {i} of {token.Length}");
        }
    }

    public void Dispose() => _folder.Dispose();

    private static async Task<string?> Problem(AccessTokens tokens, string token) => (await tokens.Read(token)).Problem;

    private AccessTokens Tokens(string cluster, AccessKey key) =>
        new(new AccessKeys(_folder.Write("keys", key.Line), _time), cluster, _time);
}
