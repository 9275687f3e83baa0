using Ebm.Client.Output;

namespace Ebm.Client.Local;

/// <summary>The life cycle of a local cluster for people.</summary>
internal sealed class TextClusterView : ILocalClusterView
{
    // The password is printed to a terminal, but not to a file.
    private static bool IsTerminal => !Console.IsOutputRedirected;

    public void ShowStarting(LocalClusterOptions options)
    {
        if (IsTerminal)
        {
            Console.Out.WriteLine($"starting {Silos(options.Silos + options.Control)} and Redis...");
        }
    }

    public void ShowReady(LocalCluster cluster, LocalClusterOptions options)
    {
        Console.Out.WriteLine(
            $"cluster '{options.Id}' is ready: {Silos(cluster.Silos.Count)}, "
                + $"Redis on 127.0.0.1:{cluster.Redis.Port}\n");
        TextTable.Write(
            ["process", "roles", "lanes", "pid", "log"],
            [
                .. cluster.Silos.Select(s => (string[])
                    [s.Name, s.Roles, HumanFormat.Count(s.Lanes), HumanFormat.Of($"{s.Process}"), s.Log]),
                ["redis", "", "", HumanFormat.Of($"{cluster.Redis.Process}"), cluster.Redis.Log],
            ]);
        if (cluster.Pages is { } pages)
        {
            Console.Out.WriteLine($"\npages at {pages}");
        }

        var address = IsTerminal ? cluster.Address : $"$(cat {cluster.AddressFile})";
        var data = options.Folder is null ? "and deletes its data" : $"and keeps its data in {cluster.Folder}";
        Console.Out.WriteLine($"""

            To use the cluster, in another terminal:
              export EBM_CLUSTER={address}
              ./ebm submit examples/mnist-rbm.yaml

            The address contains a password. It is also in {cluster.AddressFile}, which only you can read.
            Ctrl-C stops the cluster {data}. A second Ctrl-C kills it.

            """);
    }

    public void Show(LocalEvent happened)
    {
        var text = happened.ToString().ReplaceLineEndings("\n          ");
        Console.Out.WriteLine($"{TimeProvider.System.GetLocalNow():HH:mm:ss}  {text}");
    }

    public void ShowStopping() =>
        Console.Out.WriteLine("stopping: silos first, then Redis (a second Ctrl-C kills them)...");

    public void ShowStopped(LocalCluster cluster, LocalClusterOptions options) => Console.Out.WriteLine(
        options.Folder is null
            ? "stopped."
            : $"stopped. To resume its runs: ./ebm cluster start --dir {options.Folder}");

    private static string Silos(int count) => count == 1 ? "1 silo" : HumanFormat.Of($"{count} silos");
}
