using System.Globalization;
using Ebm.Client.Local.Processes;
using Ebm.Grains.Admission;

namespace Ebm.Client.Local;

/// <summary>The common settings of the silos of a local cluster; starts their processes.</summary>
internal sealed record SiloHost
{
    // A local silo serves its own user only, so it trusts all specs. The certificate authority in the console's
    // environment belongs to another cluster.
    private static readonly Dictionary<string, string> Trusted = new()
    {
        ["EBM_DATA_ROOTS"] = FileRoots.Anywhere, ["EBM_TORCH_SCRIPT"] = "true",
        ["EBM_ENERGY_ASSEMBLIES"] = "true", ["EBM_TLS_CA"] = "",
    };

    /// <summary>The silo's program, with its first arguments.</summary>
    public required IReadOnlyList<string> Program { get; init; }

    /// <summary>
    /// The cluster's address, with its password. It is passed in the environment: other users can read command lines.
    /// </summary>
    public required string Address { get; init; }

    /// <summary>The cluster's folder.</summary>
    public required string Folder { get; init; }

    /// <summary>The cluster's key file.</summary>
    public required string Keys { get; init; }

    /// <summary>The silo's setting <c>checkpoints</c>.</summary>
    public required string Checkpoints { get; init; }

    /// <summary>Environment variables of the silos, in addition to those of this process.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>Whether the silos run the services of Orleans' dashboard.</summary>
    public required bool Dashboard { get; init; }

    /// <summary>Timeout of the graceful end of a silo.</summary>
    public required TimeSpan StopTime { get; init; }

    public required Watchdog Watchdog { get; init; }

    public required LocalEvents Events { get; init; }

    /// <summary>Decides when silos that ended are restarted.</summary>
    public required RestartGate Gate { get; init; }

    /// <summary>Starts a silo's process, on free ports.</summary>
    public ChildProcess Start(SiloPlan silo, Action<string> output, Action<string> errors) => ChildProcess.Start(
        new ChildStart
        {
            Command =
            [
                .. Program, "--name", silo.Name, "--roles", silo.Roles, "--device", "cpu",
                "--lanes", Text(silo.Lanes),
                "--silo-port", Text(FreePorts.Next()), "--gateway-port", Text(silo.HasGateway ? FreePorts.Next() : 0),
                "--address", "127.0.0.1", "--supervised", "true", "--checkpoints", Checkpoints, "--access-keys", Keys,
                "--operations-port", Text(silo.OperationsPort), "--pages-port", Text(silo.PagesPort),
                "--dashboard", Dashboard ? "true" : "false",
            ],
            Folder = Folder,
            Environment = new Dictionary<string, string>(Environment.Concat(Trusted).DistinctBy(v => v.Key))
            {
                ["EBM_REDIS"] = Address,
            },
            Output = output,
            Errors = errors,
        },
        Watchdog);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
