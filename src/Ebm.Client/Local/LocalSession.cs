using Ebm.Client.Output;
using Ebm.Client.Runs;

namespace Ebm.Client.Local;

/// <summary>A local cluster in a console: from its start to Ctrl-C, with a line for everything that happens.</summary>
internal static class LocalSession
{
    /// <summary>Starts a cluster and stays with it until a signal ends it.</summary>
    public static async Task<ExitCode> Watch(LocalClusterOptions options, OutputFormat format)
    {
        ILocalClusterView view = format == OutputFormat.Json ? new JsonClusterView() : new TextClusterView();
        await using var cluster = new LocalCluster(options);
        using var stop = new CancellationTokenSource();
        using var signals = new StopSignals(cluster.Quit);
        signals.Arm(() =>
        {
            view.Stopping();
            stop.Cancel();
        });

        // From here on: what happens during the start is of interest only where it fails, and then the error says it.
        view.Starting(options);
        try
        {
            await cluster.Start(stop.Token);
            var happened = cluster.Subscribe();
            view.Started(cluster, options);
            await foreach (var what in happened.ReadAllAsync(stop.Token))
            {
                view.Show(what);
            }
        }
        catch (OperationCanceledException)
        {
            // Asked to stop.
        }

        await cluster.DisposeAsync();
        view.Stopped(cluster, options);
        return ExitCode.Succeeded;
    }
}
