using Ebm.Core;
using Ebm.Grains.Devices;
using Microsoft.Extensions.Options;
using TorchSharp;

namespace Ebm.Grains.Tests.Devices;

public sealed class DeviceLanesTests : IDisposable
{
    private readonly DeviceLanes _lanes =
        new(Options.Create(new LaneOptions { Device = "cpu", Lanes = 2, QueueLength = 2 }));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_MorePiecesThanTheQueueTakes_RunsAllOnLanesWithoutAutograd()
    {
        var seen = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => _lanes.Run(
            "a", lane => (Thread.CurrentThread.Name, torch.is_grad_enabled()), Cancellation)));
        Assert.All(seen, s => Assert.StartsWith("lane-", s.Name, StringComparison.Ordinal));
        Assert.All(seen, s => Assert.False(s.Item2));
    }

    [Fact]
    public async Task Run_WorkThatLeavesTemporaries_FreesAllButDetachedTensors()
    {
        var (temporary, kept) = await _lanes.Run(
            "a", _ => (torch.ones(3), torch.ones(3).DetachFromDisposeScope()), Cancellation);
        Assert.True(temporary.IsInvalid);
        Assert.False(kept.IsInvalid);
        kept.Dispose();
    }

    [Fact]
    public async Task Run_WorkThatThrows_PassesItOnAndTheLaneContinues()
    {
        await Assert.ThrowsAsync<InputException>(
            () => _lanes.Run<int>("a", _ => throw new InputException("no"), Cancellation));
        Assert.Equal(1, await _lanes.Run("a", _ => 1, Cancellation));
    }

    [Fact]
    public async Task Run_CancelledOrClosed_GivesTheWorkUp()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => _lanes.Run("a", _ => 1, new CancellationToken(true)));
        _lanes.Dispose();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _lanes.Run("a", _ => 1, Cancellation));
    }

    [Theory]
    [InlineData("gpu", 0, "'gpu' is not a device")]
    [InlineData("cuda:x", 0, "'cuda:x' is not a device")]
    [InlineData("cuda:4096", 0, "device 'cuda:4096' is not there")]
    [InlineData("cpu", -1, "lanes is -1")]
    public void Resolve_OfAMissingDevice_ReportsIt(string device, int lanes, string message)
    {
        var e = Assert.Throws<InputException>(
            () => LaneDevices.Resolve(new LaneOptions { Device = device, Lanes = lanes }));
        Assert.StartsWith(message, e.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _lanes.Dispose();
}
