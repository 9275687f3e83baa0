using Ebm.Client.Local;
using Ebm.Core;

namespace Ebm.EndToEnd.Tests.Cluster;

/// <summary>A cluster on one machine restarts its parts; scripts stand in for the silos.</summary>
public sealed class LocalClusterTests : IDisposable
{
    private readonly StandIn _place = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _place.Dispose();

    [Fact]
    public async Task Kill_OfASilo_RestartsItUnderItsName()
    {
        await using var cluster = await Started();
        var (events, before) = (cluster.Subscribe(), cluster.Silos[0].Process);

        Assert.True(cluster.Kill("silo-1"));

        Assert.Equal(137, (await StandIn.Heard(events, LocalEventKind.SiloDied, "silo-1")).ExitCode);
        Assert.Equal(SiloState.Ended, cluster.Silos[0].State);
        Assert.NotEqual(before, (await StandIn.Heard(events, LocalEventKind.SiloReady, "silo-1")).Process);
        Assert.Equal(SiloState.Ready, cluster.Silos[0].State);
    }

    [Fact]
    public async Task AutoRestart_SwitchedOff_LeavesEndedSilosUntilItIsSwitchedOn()
    {
        var clock = new ManualClock();
        await using var cluster = await Started(clock);
        var events = cluster.Subscribe();
        cluster.AutoRestart = false;
        cluster.Kill("silo-1");
        await cluster.Stop("silo-2");
        await StandIn.Heard(events, LocalEventKind.SiloDied);
        await StandIn.Heard(events, LocalEventKind.SiloDied);

        // A restart begins with a pause; it would have begun before another silo is up.
        await cluster.AddSilo(cancel: Cancel);
        await StandIn.Heard(events, LocalEventKind.SiloReady, "silo-3");
        Assert.Equal(0, clock.Pauses);
        Assert.All(cluster.Silos.Take(2), silo => Assert.Equal(SiloState.Ended, silo.State));
        Assert.True(File.Exists(Path.Combine(_place.Folder, "silo-2.left")), "silo-2 did not stop gracefully");
        cluster.AutoRestart = true;
        await clock.Begun(pauses: 2);
        Assert.All(cluster.Silos.Take(2), silo => Assert.Equal(SiloState.Ended, silo.State));
        clock.Advance(TimeSpan.FromSeconds(0.5));

        await StandIn.Heard(events, LocalEventKind.SiloReady);
        await StandIn.Heard(events, LocalEventKind.SiloReady);
    }

    [Fact]
    public async Task Arm_APauseThenAKill_ReportsBothAndResumes()
    {
        await using var cluster = await Started();
        var events = cluster.Subscribe();

        Assert.True(cluster.Arm("silo-2", "before-commit", "pause"));
        Assert.Equal(
            new FaultReached("before-commit", "r", 7, "pause"),
            (await StandIn.Heard(events, LocalEventKind.Fault, "silo-2")).Fault);
        Assert.Equal(SiloState.Paused, cluster.Silos[1].State);
        Assert.True(cluster.Resume("silo-2"));
        Assert.True(cluster.Arm("silo-2", "after-commit", "kill"));

        Assert.Equal("kill", (await StandIn.Heard(events, LocalEventKind.Fault, "silo-2")).Fault!.Act);
        await StandIn.Heard(events, LocalEventKind.SiloDied, "silo-2");
        await StandIn.Heard(events, LocalEventKind.SiloReady, "silo-2");
    }

    [Fact]
    public async Task AddAndRemove_OfASilo_ChangeWhoIsThere()
    {
        await using var cluster = await Started();

        var added = await cluster.AddSilo(cancel: Cancel);
        await cluster.RemoveSilo("silo-1");

        Assert.Equal("silo-3", added.Name);
        Assert.Equal(["silo-2", "silo-3"], cluster.Silos.Select(s => s.Name));
        Assert.True(File.Exists(Path.Combine(_place.Folder, "silo-1.left")), "it could not leave");
        Assert.Throws<EbmException>(() => cluster.Kill("silo-1"));
    }

    [Fact]
    public async Task Start_OfSilosThatRefuseTheirSettings_FailsWithTheirReasonAndLeavesNothing()
    {
        await File.WriteAllTextAsync(Path.Combine(_place.Folder, "refuse"), "", Cancel);

        var error = await Assert.ThrowsAsync<EbmException>(() => Started());

        Assert.Contains("these lanes cannot be", error.Message, StringComparison.Ordinal);
        await _place.Deserted();
    }

    [Fact]
    public async Task Start_InAFolderWhereAClusterWorks_IsRefusedAndLeavesThatOneAlone()
    {
        await using var cluster = await Started();
        var address = await File.ReadAllTextAsync(cluster.AddressFile, Cancel);

        var error = await Assert.ThrowsAsync<EbmException>(() => Started());

        Assert.Contains("another cluster uses", error.Message, StringComparison.Ordinal);
        Assert.Equal(address, await File.ReadAllTextAsync(cluster.AddressFile, Cancel));
        Assert.All(cluster.Silos, silo => Assert.Equal(SiloState.Ready, silo.State));
    }

    [Fact]
    public async Task Dispose_OfOneOfTwo_LeavesTheOther()
    {
        using var otherPlace = new StandIn();
        await using var other = new LocalCluster(otherPlace.Options);
        await other.Start(Cancel);
        var before = otherPlace.Processes();
        await using (var cluster = await Started())
        {
            Assert.NotEqual(other.Redis.Port, cluster.Redis.Port);
        }

        await _place.Deserted();
        Assert.Equal(before, otherPlace.Processes());
        Assert.All(other.Silos, silo => Assert.Equal(SiloState.Ready, silo.State));
    }

    [Fact]
    public async Task Password_OfARunningCluster_IsOnNoCommandLineAndInNoFileOfOthers()
    {
        await using var cluster = await Started();
        var password = new Uri(cluster.Address).UserInfo.TrimStart(':');

        Assert.True(password.Length >= 32);
        Assert.DoesNotContain(
            _place.Processes(),
            process => File.ReadAllText($"/proc/{process}/cmdline").Contains(password, StringComparison.Ordinal));
        var files = Directory.GetFiles(_place.Folder, "*", SearchOption.AllDirectories)
            .Where(file => Path.GetFileName(file) != "lock"
                && File.ReadAllText(file).Contains(password, StringComparison.Ordinal)).Order(StringComparer.Ordinal)
                .ToArray();
        Assert.Equal([cluster.AddressFile, Path.Combine(_place.Folder, "redis", "redis.conf")], files);
        Assert.All(files, file => Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file)));
    }

    private async Task<LocalCluster> Started(TimeProvider? time = null)
    {
        var cluster = new LocalCluster(_place.Options, time);
        try
        {
            await cluster.Start(Cancel);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }
}
