namespace Ebm.Tests;

/// <summary>A bounded poll, for conditions of which no event notifies.</summary>
internal static class Eventually
{
    /// <summary>How long a test waits for an event before it fails: much longer than a busy machine needs.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    /// <summary>
    /// Returns when a condition holds; fails with <paramref name="otherwise"/> if it does not in time.
    /// </summary>
    public static async Task Holds(Func<Task<bool>> condition, Func<string> otherwise)
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(begun) < Limit, otherwise());
            await Task.Delay(Interval, TestContext.Current.CancellationToken);
        }
    }

    /// <inheritdoc cref="Holds(Func{Task{bool}}, Func{string})"/>
    public static Task Holds(Func<bool> condition, Func<string> otherwise) =>
        Holds(() => Task.FromResult(condition()), otherwise);

    /// <summary>The result of a task; a <see cref="TimeoutException"/> if it is not there in time.</summary>
    public static Task<T> Within<T>(this Task<T> task) =>
        task.WaitAsync(Limit, TestContext.Current.CancellationToken);

    /// <inheritdoc cref="Within{T}(Task{T})"/>
    public static Task Within(this Task task) => task.WaitAsync(Limit, TestContext.Current.CancellationToken);
}
