using Microsoft.Extensions.Hosting;

namespace Ebm.Silo.Pages;

/// <summary>
/// Says when the host is being stopped, so that pages are told the last word while the silo still has one. A signal is
/// no such moment: a run that is asked to stop finishes its round first.
/// </summary>
internal sealed class PagesShutdown : IHostedLifecycleService, IDisposable
{
    private readonly CancellationTokenSource _end = new();

    /// <summary>Cancelled at the beginning of the host's stop.</summary>
    public CancellationToken Token => _end.Token;

    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken) => _end.CancelAsync();

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public void Dispose() => _end.Dispose();
}
