using Ebm.Contracts.Access;
using Ebm.Silo.Access;

namespace Ebm.Deploy.Tests;

/// <summary>The tokens that secrets.sh makes are those that a silo with its keys takes.</summary>
public sealed class TokenTests
{
    [Theory]
    [InlineData("submit", "job", nameof(Role.Submit))]
    [InlineData("admin", "console", nameof(Role.Admin))]
    public async Task Token_OfTheSecrets_IsTakenForItsRole(string key, string name, string role)
    {
        var manifests = Overlays.Of("local");
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(
                file, manifests.Secret("ebm-access")!.StringData["keys"], TestContext.Current.CancellationToken);
            var token = await new AccessTokens(new AccessKeys(file, TimeProvider.System), "ebm", TimeProvider.System)
                .Read(manifests.Secret("ebm-token")!.StringData[key]);

            Assert.Equal((null, name, role), (token.Problem, token.Name, token.Role.ToString()));
            Assert.True(token.Expires > TimeProvider.System.GetUtcNow().AddYears(1));
        }
        finally
        {
            File.Delete(file);
        }
    }
}
