namespace Ebm.Client.Local;

/// <summary>Shows the life cycle of a local cluster.</summary>
internal interface ILocalClusterView
{
    /// <summary>Shows that the cluster is starting.</summary>
    void ShowStarting(LocalClusterOptions options);

    /// <summary>Shows that all processes are ready.</summary>
    void ShowReady(LocalCluster cluster, LocalClusterOptions options);

    /// <summary>Shows an event.</summary>
    void Show(LocalEvent happened);

    /// <summary>Shows that the cluster is stopping.</summary>
    void ShowStopping();

    /// <summary>Shows that the cluster has stopped.</summary>
    void ShowStopped(LocalCluster cluster, LocalClusterOptions options);
}
