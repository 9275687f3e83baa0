using System.Globalization;
using Ebm.Client.Local.Processes;
using Ebm.Grains.Admission;

namespace Ebm.Client.Local;

/// <summary>What the silos of a local cluster have in common, and how one is started.</summary>
internal sealed record SiloHost
{
    // It computes what its own user asks for; the authority in a console's environment is that of another cluster.
    private static readonly Dictionary<string, string> Trusted = new()
    {
        ["EBM_DATA_ROOTS"] = FileRoots.Anywhere, ["EBM_TORCH_SCRIPT"] = "true", ["EBM_TLS_CA"] = "",
    };

    /// <summary>The silo's program, with its first arguments.</summary>
    public required IReadOnlyList<string> Program { get; init; }

    /// <summary>
    /// The cluster's address, with its password: it goes into the environment, never on a command line.
    /// </summary>
    public required string Address { get; init; }

    /// <summary>The cluster's folder.</summary>
    public required string Folder { get; init; }

    /// <summary>The cluster's file of keys.</summary>
    public required string Keys { get; init; }

    /// <summary>Where checkpoints go, as the silo's setting has it.</summary>
    public required string Checkpoints { get; init; }

    /// <summary>Variables of the silos' environment besides those of this process.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>Whether the silos have the parts of Orleans' own dashboard.</summary>
    public required bool Dashboard { get; init; }

    /// <summary>How long a silo may take to stop.</summary>
    public required TimeSpan StopTime { get; init; }

    public required Watchdog Watchdog { get; init; }

    public required LocalEvents Events { get; init; }

    /// <summary>Whether silos that ended are started again.</summary>
    public required RestartGate Gate { get; init; }

    /// <summary>Starts a process of a silo, on ports that are free now.</summary>
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
            Environment = new Dictionary<string, string>(Environment.Concat(Trusted)
                .DistinctBy(v => v.Key)) { ["EBM_REDIS"] = Address },
            Output = output,
            Errors = errors,
        },
        Watchdog);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
