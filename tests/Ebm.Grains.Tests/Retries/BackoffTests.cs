using Ebm.Contracts.Retries;

namespace Ebm.Grains.Tests.Retries;

public sealed class BackoffTests
{
    [Fact]
    public void Delay_OfSuccessiveRetries_DoublesUpToTheLongest()
    {
        var backoff = new Backoff(TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(5));

        Assert.Equal([0.5, 1, 2, 4, 5, 5], Enumerable.Range(1, 6).Select(n => backoff.Delay(n).TotalSeconds));
    }

    [Theory]
    [InlineData(64)]
    [InlineData(int.MaxValue)]
    public void Delay_OfALateRetry_IsTheLongest(int retry) => Assert.Equal(
        TimeSpan.FromSeconds(2), new Backoff(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(2)).Delay(retry));

    [Fact]
    public void Delay_OfAConstantBackoff_IsAlwaysTheSame()
    {
        var backoff = Backoff.Constant(TimeSpan.FromMilliseconds(500));

        Assert.All([1, 2, 3, 100], retry => Assert.Equal(TimeSpan.FromMilliseconds(500), backoff.Delay(retry)));
    }

    [Fact]
    public void Delay_BeforeTheFirstAttempt_IsRefused() => Assert.Throws<ArgumentOutOfRangeException>(
        () => Backoff.Constant(TimeSpan.FromSeconds(1)).Delay(0));
}
