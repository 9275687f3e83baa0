using System.CommandLine;
using Ebm.Client.Local;

namespace Ebm.Client.Commands.Cluster;

/// <summary><c>cluster start</c>.</summary>
internal static class ClusterStartVerb
{
    private static readonly LocalClusterOptions Default = new();

    private static readonly Option<int> Silos = SharedOptions.Count(
        "--silos", 1, Default.Silos, "Start this many silos with lanes; each is a process.");

    private static readonly Option<int> Control = SharedOptions.Count(
        "--control", 0, Default.Control,
        "Start this many further silos without lanes, which host the runs and serve clients; "
            + "with 0, all silos do both.");

    private static readonly Option<int> Lanes = SharedOptions.Count(
        "--lanes", 0, Default.Lanes,
        "Divide this many device lanes among the silos; 0 is one for each core, and at least one for each silo. "
        + "Does not change results.");

    private static readonly Option<int> Port = SharedOptions.Count(
        "--port", 0, Default.Port, "Start Redis on this port of 127.0.0.1; 0 chooses a free one.");

    private static readonly Option<string?> Dir = new("--dir")
    {
        Description = "Keep Redis' data and the logs in this folder: a cluster that is started there again resumes its "
            + "runs. Default: a temporary folder.",
        HelpName = "DIR",
    };

    private static readonly Option<string> Id = new("--id")
    {
        Description = "Give the cluster this id.",
        HelpName = "ID",
        DefaultValueFactory = _ => Default.Id,
    };

    private static readonly Option<string?> Checkpoints = new("--checkpoints")
    {
        Description = "Store checkpoints in this folder, not in Redis; runs then resume even if Redis lost its data.",
        HelpName = "DIR",
    };

    private static readonly Option<int> MetricsPort = SharedOptions.Count(
        "--metrics-port", 0, Default.OperationsPort,
        "Serve /metrics and /health of the first silo on this port, of the others on the next ones; 0 serves none.");

    // Replaces the silo's program in tests of the supervision.
    private static readonly Option<string?> SiloProgram = new("--silo-program") { Hidden = true };

    public static Command Create()
    {
        var verb = new Verb(
            "start", "Start a cluster on this machine; it runs until Ctrl-C.", HelpGroups.Cluster,
            "./ebm cluster start --silos 3",
            "./ebm cluster start --silos 2 --control 1 --dir cluster",
            "./ebm cluster start --ui",
            "./ebm cluster start --output json")
        {
            Silos, Control, Lanes, Dir, Checkpoints, Port, Id, MetricsPort, SiloProgram, SharedOptions.Output,
            PagesChoice.Ui, PagesChoice.UiPort,
        };
        verb.Does(parsed => LocalSession.Run(
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
