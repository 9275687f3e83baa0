using Ebm.Grains.Epochs;

namespace Ebm.Grains.Tests.Epochs;

public sealed class StopSignalTests
{
    private readonly StopSignal _stop = new();
    private int _calls;

    [Fact]
    public void Subscribe_BeforeTheRequest_IsCalledWithIt()
    {
        _stop.Subscribe(() => _calls++);
        Assert.Equal((0, false), (_calls, _stop.IsRequested));
        _stop.Request();
        Assert.Equal((1, true, false), (_calls, _stop.IsRequested, _stop.IsHandover));
        Assert.True(_stop.Interrupt.IsCancellationRequested);
    }

    [Fact]
    public void Subscribe_AfterTheRequest_IsCalledAtOnce()
    {
        _stop.RequestHandover();
        _stop.Subscribe(() => _calls++);
        Assert.Equal((1, true), (_calls, _stop.IsHandover));
    }

    /// <summary>Work that the stop cuts short already sees the protocol's decision.</summary>
    [Fact]
    public void Request_WithASubscriber_CallsItBeforeItInterrupts()
    {
        var before = true;
        _stop.Subscribe(() => before = _stop.Interrupt.IsCancellationRequested);
        _stop.Request();
        Assert.False(before);
    }
}
