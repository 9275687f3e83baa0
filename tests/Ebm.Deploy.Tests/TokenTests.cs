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

    /// <summary>
    /// A Secret is mounted as links to a folder that is a link too; a change puts another folder in its place.
    /// </summary>
    [Fact]
    public async Task Keys_InAMountedSecretThatIsChanged_CountWithoutARestart()
    {
        var folder = Directory.CreateTempSubdirectory("ebm-secret-").FullName;
        try
        {
            Mount(folder, "1", AccessKey.New("first").Line);
            File.CreateSymbolicLink(Path.Combine(folder, "keys"), "..data/keys");
            var time = new ShiftedTime();
            var tokens = new AccessTokens(new AccessKeys(Path.Combine(folder, "keys"), time), "ebm", time);
            var old = tokens.Make("a", Role.Read, TimeSpan.FromDays(1));
            Assert.Null((await tokens.Read(old)).Problem);

            Mount(folder, "2", AccessKey.New("second").Line);
            time.Shift = TimeSpan.FromMinutes(1);

            Assert.Equal("bad_token", (await tokens.Read(old)).Problem);
            Assert.Null((await tokens.Read(tokens.Make("a", Role.Read, TimeSpan.FromDays(1)))).Problem);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Mount(string folder, string version, string keys)
    {
        Directory.CreateDirectory(Path.Combine(folder, version));
        var file = Path.Combine(folder, version, "keys");
        File.WriteAllText(file, keys);
        File.SetLastWriteTimeUtc(
            file, DateTime.UnixEpoch.AddDays(int.Parse(version, System.Globalization.CultureInfo.InvariantCulture)));
        File.Delete(Path.Combine(folder, "..data"));
        Directory.CreateSymbolicLink(Path.Combine(folder, "..data"), version);
    }

    private sealed class ShiftedTime : TimeProvider
    {
        public TimeSpan Shift { get; set; }

        public override long GetTimestamp() => System.GetTimestamp() + (long)(Shift.TotalSeconds * TimestampFrequency);

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Shift;
    }
}
