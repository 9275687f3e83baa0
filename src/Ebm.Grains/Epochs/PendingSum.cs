using Ebm.Core.Learning;

namespace Ebm.Grains.Epochs;

/// <summary>
/// A sum that lanes are at work on. Its owner waits for it whatever happens: they read parameters that are freed when
/// the owner's lease ends.
/// </summary>
internal sealed class PendingSum(Task<PhaseSum> sum) : IAsyncDisposable
{
    /// <summary>The sum, which belongs to this object.</summary>
    public Task<PhaseSum> Sum => sum;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await ((Task)sum).ConfigureAwait(
            ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        if (sum.IsCompletedSuccessfully)
        {
            (await sum).Dispose();
        }
    }
}
