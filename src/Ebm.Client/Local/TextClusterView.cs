using Ebm.Client.Output;

namespace Ebm.Client.Local;

/// <summary>A local cluster's life for a person.</summary>
internal sealed class TextClusterView : ILocalClusterView
{
    // A password belongs on the user's own screen, not into a file that output goes to.
    private static bool IsTerminal => !Console.IsOutputRedirected;

    public void Starting(LocalClusterOptions options)
    {
        if (IsTerminal)
        {
            Console.Out.WriteLine($"starting {Silos(options.Silos + options.Control)} and Redis...");
        }
    }

    public void Started(LocalCluster cluster, LocalClusterOptions options)
    {
        Console.Out.WriteLine($"cluster '{options.Id}' is ready: {Silos(cluster.Silos.Count)}, Redis on "
            + $"127.0.0.1:{cluster.Redis.Port}\n");
        TextTable.Write(
            ["process", "roles", "lanes", "pid", "log"],
            [
                .. cluster.Silos.Select(s => (string[])[s.Name, s.Roles, HumanFormat.Count(s.Lanes),
                    HumanFormat.Of($"{s.Process}"), s.Log]),
                ["redis", "", "", HumanFormat.Of($"{cluster.Redis.Process}"), cluster.Redis.Log],
            ]);
        if (cluster.Pages is { } pages)
        {
            Console.Out.WriteLine($"\npages at {pages}");
        }

        var address = IsTerminal ? cluster.Address : $"$(cat {cluster.AddressFile})";
        Console.Out.WriteLine($"""

            To use it, in another terminal:
              export EBM_CLUSTER={address}
              ./ebm submit examples/mnist-rbm.yaml

            The address has a password in it; it is also in {cluster.AddressFile}, which only you can read.
            Ctrl-C stops the cluster{(options.Folder is null
                ? " and removes its data"
                : $"; its data stays in {cluster.Folder}")}. A second Ctrl-C kills it.

            """);
    }

    public void Show(LocalEvent what) =>
        Console.Out.WriteLine($"{TimeProvider.System.GetLocalNow():HH:mm:ss}  "
            + $"{what.ToString().ReplaceLineEndings("\n          ")}");

    public void Stopping() =>
        Console.Out.WriteLine("stopping: silos first, then Redis (a second Ctrl-C kills them)...");

    public void Stopped(LocalCluster cluster, LocalClusterOptions options) => Console.Out.WriteLine(
        options.Folder is null
            ? "stopped."
            : $"stopped. To go on with its runs: ./ebm cluster start --dir {options.Folder}");

    private static string Silos(int count) => count == 1 ? "1 silo" : HumanFormat.Of($"{count} silos");
}
