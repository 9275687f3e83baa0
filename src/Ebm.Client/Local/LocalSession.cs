using Ebm.Client.Output;
using Ebm.Client.Runs;

namespace Ebm.Client.Local;

/// <summary>A local cluster in a console: from its start to Ctrl-C, with a line for each event.</summary>
internal static class LocalSession
{
    /// <summary>Starts a cluster and runs it until a signal.</summary>
    public static async Task<ExitCode> Run(LocalClusterOptions options, OutputFormat format)
    {
        ILocalClusterView view = format == OutputFormat.Json ? new JsonClusterView() : new TextClusterView();
        await using var cluster = new LocalCluster(options);
        using var stop = new CancellationTokenSource();
        using var signals = new StopSignals(cluster.Quit);
        signals.Arm(() =>
        {
            view.ShowStopping();
            stop.Cancel();
        });

        view.ShowStarting(options);
        try
        {
            // Events of the start are not shown: if it fails, the error reports the cause.
            await cluster.Start(stop.Token);
            var events = cluster.Subscribe();
            view.ShowReady(cluster, options);
            await foreach (var happened in events.ReadAllAsync(stop.Token))
            {
                view.Show(happened);
            }
        }
        catch (OperationCanceledException)
        {
            // A signal requested the stop.
        }

        await cluster.DisposeAsync();
        view.ShowStopped(cluster, options);
        return ExitCode.Succeeded;
    }
}
