using Ebm.Grains.Devices;

namespace Ebm.Grains.Tests.Devices;

public sealed class FairQueueTests
{
    [Fact]
    public void Take_TwoClients_AlternatesAndKeepsEachOnesOrder()
    {
        using var queue = new FairQueue(10);
        foreach (var name in new[] { "a1", "a2", "a3", "b1", "b2" })
        {
            Assert.Null(queue.Add(name[..1], new Work(name)));
        }

        Assert.Equal(["a1", "b1", "a2", "b2", "a3"], Enumerable.Range(0, 5).Select(_ => ((Work)queue.Take()!).Name));
    }

    [Fact]
    public void Take_OfAClientWithPriority_ServesSoManyPiecesInItsTurn()
    {
        using var queue = new FairQueue(10);
        queue.Prioritise("b", 2);
        foreach (var name in new[] { "a1", "a2", "a3", "b1", "b2", "b3", "b4", "b5" })
        {
            Assert.Null(queue.Add(name[..1], new Work(name)));
        }

        Assert.Equal(
            ["a1", "b1", "b2", "a2", "b3", "b4", "a3", "b5"],
            Enumerable.Range(0, 8).Select(_ => ((Work)queue.Take()!).Name));
    }

    [Fact]
    public void Take_OfAClientBehindTheOthers_ComesLastButIsNotForgotten()
    {
        using var queue = new FairQueue(100);
        queue.Prioritise("z", 0);
        Assert.Null(queue.Add("z", new Work("z1")));
        Assert.Null(queue.Add("z", new Work("z2")));
        for (var i = 0; i < 50; i++)
        {
            Assert.Null(queue.Add("a", new Work("a")));
        }

        string[] order = [.. Enumerable.Range(0, 52).Select(_ => ((Work)queue.Take()!).Name)];

        // 32 pieces go before it; then it waits again, until nobody else does.
        Assert.Equal(32, Array.IndexOf(order, "z1"));
        Assert.Equal(51, Array.IndexOf(order, "z2"));
    }

    [Fact]
    public void Add_OverTheLimit_WaitsForATakeOfThatClient()
    {
        using var queue = new FairQueue(1);
        Assert.Null(queue.Add("a", new Work("a1")));
        var second = queue.Add("a", new Work("a2"))!;
        var third = queue.Add("a", new Work("a3"))!;
        Assert.Null(queue.Add("b", new Work("b1")));
        Assert.False(second.IsCompleted);
        queue.Take();
        Assert.True(second.IsCompleted);
        Assert.False(third.IsCompleted);
        Assert.Null(queue.Add("a", new Work("a2")));
        queue.Take();
        queue.Take();
        Assert.True(third.IsCompleted);
    }

    [Fact]
    public void Close_WithWorkAndSenders_ReturnsTheWorkAndWakesEverybody()
    {
        using var queue = new FairQueue(1);
        var work = new Work("a1");
        queue.Add("a", work);
        var sender = queue.Add("a", new Work("a2"))!;
        Assert.Equal([work], queue.Close());
        Assert.True(sender.IsCompletedSuccessfully);
        Assert.Null(queue.Take());
        Assert.Null(queue.Take());
        Assert.IsType<OperationCanceledException>(Record.Exception(() => queue.Add("a", work) is null));
    }

    private sealed record Work(string Name) : ILaneWork
    {
        public void Execute(Lane lane) { }

        public void Cancel() { }
    }
}
