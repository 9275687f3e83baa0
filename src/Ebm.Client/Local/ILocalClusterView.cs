namespace Ebm.Client.Local;

/// <summary>How a local cluster's life is told.</summary>
internal interface ILocalClusterView
{
    /// <summary>It is being started.</summary>
    void Starting(LocalClusterOptions options);

    /// <summary>All of it is ready.</summary>
    void Started(LocalCluster cluster, LocalClusterOptions options);

    /// <summary>Something happened.</summary>
    void Show(LocalEvent what);

    /// <summary>It was asked to stop.</summary>
    void Stopping();

    /// <summary>It has stopped.</summary>
    void Stopped(LocalCluster cluster, LocalClusterOptions options);
}
