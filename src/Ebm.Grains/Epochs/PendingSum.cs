using Ebm.Core.Learning;

namespace Ebm.Grains.Epochs;

/// <summary>
/// A sum that lanes are computing. Its owner waits for it, also after an error: the lanes read parameters that are
/// freed when the owner's lease ends.
/// </summary>
internal sealed class PendingSum(Task<PhaseSum> sum) : IAsyncDisposable
{
    /// <summary>The sum; this object owns it.</summary>
    public Task<PhaseSum> Sum => sum;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        const ConfigureAwaitOptions Quietly =
            ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext;
        await ((Task)sum).ConfigureAwait(Quietly);
        if (sum.IsCompletedSuccessfully)
        {
            (await sum).Dispose();
        }
    }
}
