namespace Ebm.EndToEnd.Tests.Console;

/// <summary>
/// Whether a command uses a named cluster or this machine. Nothing listens at these addresses.
/// </summary>
public sealed class ClusterOptionTests
{
    private const string Nowhere = "redis://127.0.0.1:1";

    [Theory]
    [InlineData("list", "--cluster", "localhost:6379")]
    [InlineData("watch", "x", "--cluster", "redis://localhost")]
    [InlineData("cluster", "status", "--cluster", "http://localhost:6379")]
    public Task Run_BadAddress_IsBadUsage(params string[] arguments) =>
        Refused(null, 2, "names no cluster", arguments);

    [Fact]
    public Task Run_BadAddressInTheEnvironment_IsBadUsage() => Refused("localhost", 2, "names no cluster", "list");

    [Theory]
    [InlineData("--home", "list", "--home", "runs")]
    [InlineData("--home", "status", "x", "--home", "runs")]
    [InlineData("--home", "checkpoints", "x", "--home", "runs")]
    [InlineData("--home", "delete", "x", "--home", "runs")]
    [InlineData("--home", "sample", "x", "--home", "runs")]
    [InlineData("--home", "score", "x", "--data", "x.csv", "--home", "runs")]
    [InlineData("--lanes", "resume", "x", "--lanes", "1")]
    [InlineData("--device", "resume", "x", "--device", "cpu")]
    public Task Run_ClusterAndAnOptionOfThisMachine_ExcludeEachOther(string option, params string[] arguments) =>
        Refused(null, 2, $"error: {option} is for runs on this machine", [.. arguments, "--cluster", Nowhere]);

    [Fact]
    public Task Resume_LanesWhereTheEnvironmentNamesACluster_NamesTheRemedy() =>
        Refused(Nowhere, 2, "Give --home too, or unset EBM_CLUSTER", "resume", "x", "--lanes", "1");

    [Theory]
    [InlineData("submit", "x.yaml")]
    [InlineData("watch", "x")]
    [InlineData("logs", "x")]
    [InlineData("stop", "x")]
    [InlineData("cluster", "status")]
    public Task Run_WithoutTheClusterThatItNeeds_SaysHowToNameOne(params string[] arguments) =>
        Refused(null, 2, "needs a cluster. Give --cluster redis://", arguments);

    [Fact]
    public Task Run_ClusterInTheEnvironment_IsTheOneAsked() =>
        Refused(Nowhere, 6, $"the cluster {Nowhere} cannot be reached", "list", "--connect-timeout", "0");

    [Fact]
    public async Task Run_HomeGivenAndClusterInTheEnvironment_UsesTheHome()
    {
        using var console = new EbmConsole { Cluster = Nowhere };
        var ended = await console.Run("list", "--home", console.Home);

        Assert.Equal((0, ""), (ended.ExitCode, ended.Errors));
    }

    [Fact]
    public async Task Cluster_Alone_ShowsItsHelp()
    {
        using var console = new EbmConsole();
        var ended = await console.Run("cluster");

        Assert.Equal(0, ended.ExitCode);
        Assert.Contains("Commands:", ended.Output, StringComparison.Ordinal);
        Assert.Contains("  ./ebm cluster status", ended.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Submit_BadSpec_IsFoundBeforeTheClusterIsAsked()
    {
        using var console = new EbmConsole { Cluster = Nowhere };
        var ended = await console.Run("submit", console.File("bad.yaml", "name: x\n"));

        Assert.Equal(2, ended.ExitCode);
        Assert.Contains("bad.yaml:", ended.Errors, StringComparison.Ordinal);
    }

    private static async Task Refused(string? cluster, int exitCode, string expected, params string[] arguments)
    {
        using var console = new EbmConsole { Cluster = cluster };
        var ended = await console.Run(arguments);

        Assert.Equal((exitCode, ""), (ended.ExitCode, ended.Output));
        Assert.Contains(expected, ended.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", ended.Errors, StringComparison.Ordinal);
    }
}
