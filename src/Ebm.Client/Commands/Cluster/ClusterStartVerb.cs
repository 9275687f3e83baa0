using System.CommandLine;
using Ebm.Client.Local;

namespace Ebm.Client.Commands.Cluster;

/// <summary><c>cluster start</c>.</summary>
internal static class ClusterStartVerb
{
    private static readonly LocalClusterOptions Usual = new();

    private static readonly Option<int> Silos =
        SharedOptions.Count("--silos", 1, Usual.Silos, "Silos with lanes, each a process.");

    private static readonly Option<int> Control = SharedOptions.Count(
        "--control", 0, Usual.Control,
        "Further silos without lanes, which keep the runs and take clients; without any, all do both.");

    private static readonly Option<int> Lanes = SharedOptions.Count(
        "--lanes", 0, Usual.Lanes,
        "Device lanes of all silos together; 0 is one a core, and at least one a silo. Never changes a result.");

    private static readonly Option<int> Port =
        SharedOptions.Count("--port", 0, Usual.Port, "Redis' port on 127.0.0.1; 0 is a free one.");

    private static readonly Option<string?> Dir = new("--dir")
    {
        Description = "Folder for Redis' data and the logs, which is kept: started there again, a cluster goes on "
            + "with its runs. Else a temporary one.",
        HelpName = "DIR",
    };

    private static readonly Option<string> Id = new("--id")
    {
        Description = "The cluster's id.",
        HelpName = "ID",
        DefaultValueFactory = _ => Usual.Id,
    };

    private static readonly Option<string?> Checkpoints = new("--checkpoints")
    {
        Description = "Folder for checkpoints, in place of Redis: a run can go on from there with an empty one.",
        HelpName = "DIR",
    };

    private static readonly Option<int> MetricsPort = SharedOptions.Count(
        "--metrics-port", 0, Usual.OperationsPort,
        "Port of the first silo's /metrics and /health, the others have the next ones; 0 is none.");

    // A stand-in for the silo: what is tested with it is the supervision.
    private static readonly Option<string?> SiloProgram = new("--silo-program") { Hidden = true };

    public static Command Create()
    {
        var verb = new Verb(
            "start", "Start a cluster on this machine; it stays until Ctrl-C.", HelpGroups.Cluster,
            "./ebm cluster start --silos 3",
            "./ebm cluster start --silos 2 --control 1 --dir cluster",
            "./ebm cluster start --ui",
            "./ebm cluster start --output json")
        {
            Silos, Control, Lanes, Dir, Checkpoints, Port, Id, MetricsPort, SiloProgram, SharedOptions.Output,
            PagesChoice.Ui, PagesChoice.UiPort,
        };
        verb.Does(parsed => LocalSession.Watch(
            new LocalClusterOptions
            {
                Id = parsed.GetValue(Id)!,
                Silos = parsed.GetValue(Silos),
                Control = parsed.GetValue(Control),
                Lanes = parsed.GetValue(Lanes),
                Folder = parsed.GetValue(Dir),
                Checkpoints = parsed.GetValue(Checkpoints),
                Port = parsed.GetValue(Port),
                OperationsPort = parsed.GetValue(MetricsPort),
                PagesPort = PagesChoice.PortOf(parsed),
                SiloProgram = parsed.GetValue(SiloProgram) is { } program ? [program] : null,
            },
            SharedOptions.FormatOf(parsed)));
        return verb;
    }
}
