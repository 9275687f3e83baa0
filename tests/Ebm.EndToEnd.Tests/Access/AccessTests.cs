using System.Security.Cryptography;
using Ebm.Client.Local;
using Ebm.Configuration.Reading;
using Ebm.Contracts.Access;
using Ebm.Contracts.Chains;
using Ebm.Contracts.Cluster;
using Ebm.Contracts.Epochs;
using Ebm.Contracts.Runs;
using Ebm.Core.Rounds;
using Ebm.EndToEnd.Tests.Console;
using Ebm.Silo.Access;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Ebm.EndToEnd.Tests.Access;

/// <summary>Attacks on the gateway of a real cluster: what its clients may not do, they cannot.</summary>
public sealed class AccessTests : IAsyncLifetime
{
    private readonly EbmConsole _console = new();
    private readonly LocalCluster _cluster = new(new LocalClusterOptions { Silos = 1 });
    private string _keys = "";

    private static DateTime Now => TimeProvider.System.GetUtcNow().UtcDateTime;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _cluster.Start(Cancel);
        _keys = Path.Combine(_cluster.Folder, "keys");
    }

    [Fact]
    public async Task Calls_WithoutAGoodToken_AreAllRefused()
    {
        var (signing, other) = (Key(_keys), AccessKey.New("local"));
        var hour = Now.AddHours(1);
        var attempts = new Dictionary<string, (string Key, object Value)[]>
        {
            ["none"] = [],
            ["nonsense"] = [(CallerContext.Token, "nonsense")],
            ["a number"] = [(CallerContext.Token, 7)],
            ["another key of the same name"] = [(CallerContext.Token, Forge(other, "ebm", hour))],
            ["another cluster"] = [(CallerContext.Token, Forge(signing, "other", hour))],
            ["expired"] = [(CallerContext.Token, Forge(signing, "ebm", Now.AddSeconds(-1)))],
            ["without an end"] = [(CallerContext.Token, Forge(signing, "ebm", null))],
            ["without a signature"] = [(CallerContext.Token, Forge(null, "ebm", hour))],
            ["a role that there is not"] = [(CallerContext.Token, Forge(signing, "ebm", hour, "root"))],
            ["altered"] = [(CallerContext.Token, Tokens().Make("eve", Role.Read, TimeSpan.FromHours(1))[..^2] + "xx")],
            ["too long"] = [(CallerContext.Token, new string('x', 100_000))],
            ["a silo's mark, guessed"] = [(CallerContext.Silo, RandomNumberGenerator.GetBytes(32))],
            ["a silo's mark of nothing"] = [(CallerContext.Silo, Array.Empty<byte>())],
        };
        foreach (var (name, context) in attempts)
        {
            await using var outsider = await Outsider.Connect(_cluster.Address, context);
            var refused = await Assert.ThrowsAsync<AccessDeniedException>(
                () => outsider.Grains.GetGrain<IClusterGrain>(0).Runs());
            Assert.True(refused.Message.Length > 20, name);
            Assert.DoesNotContain("eyJ", refused.Message, StringComparison.Ordinal);
        }

        // None of it is in a log, and all of it is counted there by its reason.
        var log = await File.ReadAllTextAsync(_cluster.Silos[0].Log, Cancel);
        Assert.DoesNotContain("eyJ", log, StringComparison.Ordinal);
        Assert.Contains("Runs from sys.client", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Calls_OfEveryRole_AreLimitedToItsPermissions()
    {
        var submission = Submission();
        await using var reader = await Outsider.With(
            _cluster.Address, Tokens().Make("rita", Role.Read, TimeSpan.FromHours(1)));
        await using var submitter = await Outsider.With(
            _cluster.Address, Tokens().Make("sam", Role.Submit, TimeSpan.FromHours(1)));
        await using var admin = await Outsider.With(
            _cluster.Address, Tokens().Make("ada", Role.Admin, TimeSpan.FromHours(1)));

        var run = (IGrainFactory grains) => grains.GetGrain<IRunGrain>("a");
        await Refused(() => run(reader.Grains).Submit(submission), "'rita' has the role read; this needs submit.");
        await run(submitter.Grains).Submit(submission);
        Assert.NotNull(await run(reader.Grains).Status());
        Assert.NotEmpty(await reader.Grains.GetGrain<IClusterGrain>(0).Silos());
        await Refused(() => run(reader.Grains).Stop(), "needs submit");
        await Refused(() => run(reader.Grains).Resume(false), "needs submit");
        await run(submitter.Grains).Stop();
        await Refused(() => run(reader.Grains).Delete(), "needs admin");
        await Refused(() => run(submitter.Grains).Delete(), "needs admin");

        // What silos say to one another is not even an administrator's.
        await Refused(() => run(admin.Grains).Report(new ServerReport { Epoch = 1 }), "for silos only");
        await Refused(() => run(admin.Grains).Touch(), "for silos only");
        await Refused(() => run(admin.Grains).Describe(), "for silos only");
        await Refused(() => admin.Grains.GetGrain<IParameterServerGrain>("a").Pull(1, 0, 0), "for silos only");
        await Refused(() => admin.Grains.GetGrain<IParameterServerGrain>("a").Stop(), "for silos only");
        await Refused(
            () => admin.Grains.GetGrain<IChainGrain>("a/0").Advance(new AdvanceOrder(1, 0, 1, 0), Cancel),
            "for silos only");
        await Refused(() => admin.Grains.GetGrain<IManagementGrain>(0).ForceGarbageCollection([]), "for silos only");
        await run(admin.Grains).Delete();
        Assert.Null(await run(reader.Grains).Status());
    }

    /// <summary>
    /// Of all methods: one that is open to a role is closed to the role below, and one that is open to none is closed
    /// to an administrator.
    /// </summary>
    [Fact]
    public async Task Calls_OfEveryMethod_AreRefusedToTheRoleBelow()
    {
        await using var nobody = await Outsider.Connect(_cluster.Address);
        await using var reader = await Outsider.With(
            _cluster.Address, Tokens().Make("rita", Role.Read, TimeSpan.FromHours(1)));
        await using var submitter = await Outsider.With(
            _cluster.Address, Tokens().Make("sam", Role.Submit, TimeSpan.FromHours(1)));
        await using var admin = await Outsider.With(
            _cluster.Address, Tokens().Make("ada", Role.Admin, TimeSpan.FromHours(1)));
        var methods = GrainMethods.All().ToList();
        Assert.True(methods.Count > 25, $"{methods.Count} methods");
        foreach (var method in methods)
        {
            var (below, because) = method.Role switch
            {
                Role.Read => (nobody, "requires a token"),
                Role.Submit => (reader, "needs submit"),
                Role.Admin => (submitter, "needs admin"),
                _ => (admin, "for silos only"),
            };
            var refused = await Record.ExceptionAsync(() => method.Call(below.Grains));
            Assert.True(refused is AccessDeniedException, $"{method}: {refused}");
            Assert.Contains(because, refused.Message, StringComparison.Ordinal);
        }
    }

    /// <summary>The keys change while the silo runs: the new one counts, and the old one no longer.</summary>
    [Fact]
    public async Task Keys_ThatAreRotated_CountWithoutARestart()
    {
        var old = Tokens().Make("olga", Role.Read, TimeSpan.FromHours(1));
        await using var olga = await Outsider.With(_cluster.Address, old);
        Assert.Empty(await olga.Grains.GetGrain<IClusterGrain>(0).Runs());

        var added = AccessKey.New("second").Line;
        var before = await File.ReadAllTextAsync(_keys, Cancel);
        await File.WriteAllTextAsync(_keys, added + "\n" + before, Cancel);
        var @new = Tokens().Make("nora", Role.Read, TimeSpan.FromHours(1));
        await using var nora = await Outsider.With(_cluster.Address, @new);
        await Until(() => nora.Grains.GetGrain<IClusterGrain>(0).Runs(), allowed: true);
        Assert.Empty(await olga.Grains.GetGrain<IClusterGrain>(0).Runs());

        await File.WriteAllTextAsync(_keys, added + "\n", Cancel);
        await Until(() => olga.Grains.GetGrain<IClusterGrain>(0).Runs(), allowed: false);
        Assert.Empty(await nora.Grains.GetGrain<IClusterGrain>(0).Runs());
    }

    [Fact]
    public async Task Console_WithoutATokenOrWithABadOne_NamesTheRemedy()
    {
        foreach (var (variables, expected) in new[]
        {
            (new Dictionary<string, string> { ["HOME"] = _console.Folder }, "Set EBM_TOKEN or EBM_TOKEN_FILE"),
            (new Dictionary<string, string> { ["EBM_TOKEN"] = "nonsense" }, "not valid for this cluster"),
            (new Dictionary<string, string> { ["EBM_TOKEN_FILE"] = "/nowhere" }, "cannot read a token from /nowhere"),
        })
        {
            using var console = new EbmConsole { Variables = variables };
            var ended = await console.Run("list", "--cluster", _cluster.Address);
            Assert.Equal(2, ended.ExitCode);
            Assert.Contains(expected, ended.Errors, StringComparison.Ordinal);
        }

        var token = await _console.Run("token", "make", "--keys", _keys, "--for", "rita", "--role", "read");
        using var rita = new EbmConsole
        {
            Variables = new Dictionary<string, string> { ["EBM_TOKEN"] = token.Output.Trim() },
        };
        Assert.Equal(0, (await rita.Run("list", "--cluster", _cluster.Address)).ExitCode);
        var refused = await rita.Run("submit", SmallSpecs.Rbm(rita), "--cluster", _cluster.Address);
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("'rita' has the role read; this needs submit.", refused.Errors, StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        _console.Dispose();
    }

    private static async Task Refused(Func<Task> call, string because) =>
        Assert.Contains(
            because, (await Assert.ThrowsAsync<AccessDeniedException>(call)).Message, StringComparison.Ordinal);

    private static async Task Until(Func<Task> call, bool allowed)
    {
        while (true)
        {
            try
            {
                await call();
                if (allowed)
                {
                    return;
                }
            }
            catch (AccessDeniedException)
            {
                if (!allowed)
                {
                    return;
                }
            }

            await Task.Delay(100, Cancel);
        }
    }

    private static AccessKey Key(string file) => AccessKeys.Read(file).Keys[0];

    private static string Forge(AccessKey? key, string cluster, DateTime? expires, string role = "admin") =>
        new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = "ebm",
            Audience = cluster,
            Expires = expires,
            Claims = new Dictionary<string, object> { ["sub"] = "eve", ["role"] = role },
            SigningCredentials = key is null ? null
                : new SigningCredentials(
                    new SymmetricSecurityKey(key.Secret) { KeyId = key.Name }, SecurityAlgorithms.HmacSha256),
        });

    private AccessTokens Tokens() => new(new AccessKeys(_keys, TimeProvider.System), "ebm", TimeProvider.System);

    private RunSubmission Submission()
    {
        var spec = SpecFile.Load(SmallSpecs.Rbm(_console, rounds: 100_000), []).Spec;
        return new RunSubmission(SpecJson.Write(spec), SpecJson.Digest(spec));
    }
}
