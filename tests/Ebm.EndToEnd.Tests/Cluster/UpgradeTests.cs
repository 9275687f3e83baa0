using System.Diagnostics;
using System.Runtime.Intrinsics.X86;
using Ebm.Client.Local;
using Ebm.Client.Local.Processes;
using Ebm.EndToEnd.Tests.Console;

namespace Ebm.EndToEnd.Tests.Cluster;

/// <summary>
/// Silos whose arithmetic differs, side by side, as in an upgrade: a run stays with those that it was begun on.
/// </summary>
[Trait("Category", "Extra")]
public sealed class UpgradeTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_WhoseSilosLeave_WaitsBesideOtherNumericsAndResumesOnItsOwn()
    {
        using var console = new EbmConsole();
        var spec = SmallSpecs.Rbm(console, rounds: 500);
        var expected = await console.Train(spec);
        await WithAWaitingRun(console, spec, async cluster =>
        {
            await cluster.AddSilo(cancel: Cancel);
            var ended = await console.Run("watch", "old", "--cluster", cluster.Address, "--output", "json");
            Assert.True(ended.ExitCode == 0, ended.ToString());
            Assert.Equal(
                expected.GetProperty("stateSha256").GetString(), ended.Json[^1].GetProperty("stateSha256").GetString());

            // A user may accept other bits.
            var fresh = await console.Run(
                "submit", spec, "--id", "new", "--cluster", cluster.Address, "--output", "json");
            Assert.Equal(0, fresh.ExitCode);
        });
    }

    [Fact]
    public async Task Resume_OfAWaitingRunWithPermission_ContinuesOnOtherNumerics()
    {
        using var console = new EbmConsole();
        await WithAWaitingRun(console, SmallSpecs.Rbm(console, rounds: 500), async cluster =>
        {
            var ended = await console.Run(
                "resume", "old", "--allow-new-hardware", "--cluster", cluster.Address, "--output", "json");

            Assert.True(ended.ExitCode == 0, ended.ToString());
            Assert.Equal("succeeded", ended.Json[^1].GetProperty("state").GetString());
        });
    }

    /// <summary>A cluster whose run 'old' waits: the one silo left computes with other numerics.</summary>
    private static async Task WithAWaitingRun(EbmConsole console, string spec, Func<LocalCluster, Task> check)
    {
        Assert.SkipUnless(Avx2.IsSupported, "this processor has but one instruction set to compute with");
        await using var cluster = new LocalCluster(new LocalClusterOptions { Silos = 1, Control = 1 });
        await cluster.Start(Cancel);
        var submit = console.Start("submit", spec, "--id", "old", "--cluster", cluster.Address, "--output", "json");
        await EbmConsole.WaitFor(submit, "checkpoint", times: 2);
        using var other = StartOther(cluster);
        try
        {
            await Until(
                console, ["cluster", "status"], cluster, text => text.Contains("\"other\"", StringComparison.Ordinal));
            await cluster.RemoveSilo("silo-1");
            await Until(
                console, ["status", "old"], cluster,
                text => text.Contains("numerics", StringComparison.Ordinal)
                && text.Contains("waiting", StringComparison.Ordinal));
            await check(cluster);
        }
        finally
        {
            other.Kill();
            await other.WaitForExitAsync(Cancel);
        }
    }

    /// <summary>
    /// A chain silo that computes with an older instruction set, as another machine or another libtorch would.
    /// </summary>
    private static Process StartOther(LocalCluster cluster)
    {
        var older = Avx512F.IsSupported;
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Ebm.Silo.dll")])
        {
            RedirectStandardError = true,
            Environment =
            {
                ["EBM_NAME"] = "other", ["EBM_ROLES"] = "chains", ["EBM_REDIS"] = cluster.Address,
                ["EBM_DEVICE"] = "cpu", ["EBM_LANES"] = "1",
                ["EBM_ACCESS_KEYS"] = Path.Combine(cluster.Folder, "keys"), ["EBM_DATA_ROOTS"] = "any",
                ["EBM_OPERATIONS_PORT"] = "0",
                ["EBM_SILO_PORT"] = $"{FreePorts.Next()}",
                ["ATEN_CPU_CAPABILITY"] = older ? "avx2" : "default",
                [older ? "DOTNET_EnableAVX512" : "DOTNET_EnableAVX2"] = "0",
            },
        };
        var silo = Process.Start(start)!;
        silo.ErrorDataReceived += (_, _) => { };
        silo.BeginErrorReadLine();
        return silo;
    }

    private static async Task Until(EbmConsole console, string[] verb, LocalCluster cluster, Func<string, bool> holds)
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (await console.Run([.. verb, "--cluster", cluster.Address, "--output", "json"]) is var ended
            && !holds(ended.Output))
        {
            Assert.True(TimeProvider.System.GetElapsedTime(begun) < Patience, ended.ToString());
        }
    }
}
