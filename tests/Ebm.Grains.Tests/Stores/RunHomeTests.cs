using Ebm.Contracts.Runs;
using Ebm.Core;
using Ebm.Core.Diagnostics;
using Ebm.Grains.Stores;
using Ebm.RunFolders;

namespace Ebm.Grains.Tests.Stores;

public sealed class RunHomeTests : IDisposable
{
    private readonly TempHome _folder = new();

    [Fact]
    public void Lock_HeldByAnother_IsRefusedUntilItIsGivenBack()
    {
        var one = new RunHome(_folder.Path);
        using var other = new RunHome(_folder.Path);
        one.Lock("a");
        one.Lock("a");
        var e = Assert.Throws<EbmException>(() => other.Lock("a"));
        Assert.StartsWith("run 'a' is being worked on by another process", e.Message, StringComparison.Ordinal);
        one.Dispose();
        other.Lock("a");
        Assert.Throws<ObjectDisposedException>(() => one.Lock("a"));
    }

    [Fact]
    public async Task CutMetrics_WithATornLastLine_KeepsCompleteLinesUpToTheRound()
    {
        using var home = new RunHome(_folder.Path);
        using var journal = new FileRunJournal(home);
        Directory.CreateDirectory(home.Of("a"));
        await journal.AppendMetrics("a", 1, [.. Enumerable.Range(1, 4).Select(Report)]);
        journal.Dispose();
        var path = home.Of("a", RunLayout.Metrics);
        await File.AppendAllTextAsync(path, "{\"round\":5,\"at", TestContext.Current.CancellationToken);

        using var again = new FileRunJournal(home);
        await again.CutMetrics("a", 1, 3);
        await again.AppendMetrics("a", 1, [Report(4)]);
        Assert.Equal([1, 2, 3, 4], (await again.ReadMetrics("a")).Select(r => (int)r.Figures.Round));
    }

    [Fact]
    public async Task CutMetrics_WithNothingButATornLine_LeavesNothing()
    {
        using var home = new RunHome(_folder.Path);
        using var journal = new FileRunJournal(home);
        AtomicFile.Write(home.Of("a", RunLayout.Metrics), "{\"rou"u8);
        await journal.CutMetrics("a", 1, 0);
        await journal.AppendMetrics("a", 1, [Report(1)]);
        Assert.Single(await journal.ReadMetrics("a"));
    }

    [Fact]
    public void Write_WhereThereIsAFolder_NamesItAndLeavesIt()
    {
        var place = Directory.CreateDirectory(Path.Combine(_folder.Path, "taken")).FullName;
        var e = Assert.Throws<EbmException>(() => AtomicFile.Write(place, [1]));
        Assert.StartsWith($"{place} cannot be written", e.Message, StringComparison.Ordinal);
        Assert.True(Directory.Exists(place));
    }

    public void Dispose() => _folder.Dispose();

    private static RoundReport Report(int round) => new(
        new RoundMetrics
        {
            Round = round,
            Attempt = 0,
            EnergyData = 0.5,
            EnergyNegatives = double.NaN,
            GradientNorm = 1,
            ParameterNorm = 2,
            Rate = 0.1,
        },
        64,
        0.25);
}
