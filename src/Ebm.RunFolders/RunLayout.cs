using System.Globalization;

namespace Ebm.RunFolders;

/// <summary>The names of the files and folders in a run's folder.</summary>
internal static class RunLayout
{
    /// <summary>The file that one process at a time holds open while it works on the run.</summary>
    public const string Lock = "lock";

    /// <summary>The folder of checkpoints.</summary>
    public const string Checkpoints = "checkpoints";

    /// <summary>The folder of replay slots.</summary>
    public const string Replay = "replay";

    /// <summary>The folder of event files for TensorBoard.</summary>
    public const string TensorBoard = "tensorboard";

    /// <summary>The spec, as YAML.</summary>
    public const string Spec = "spec.yaml";

    /// <summary>The metrics, one JSON object a round.</summary>
    public const string Metrics = "metrics.jsonl";

    /// <summary>The events, one JSON object each.</summary>
    public const string Events = "events.jsonl";

    /// <summary>The plot of the metrics.</summary>
    public const string Curves = "curves.png";

    /// <summary>The plot of the energies of data and negatives.</summary>
    public const string EnergiesPlot = "energies.png";

    /// <summary>The histogram that the plot of energies shows.</summary>
    public const string Energies = "energies.json";

    /// <summary>The run's record.</summary>
    public static string Record { get; } = State("run");

    /// <summary>The stored state of a grain.</summary>
    public static string State(string name) => $"{name}.json";

    /// <summary>Samples of a round that are drawn.</summary>
    public static string SamplesPlot(long round) => Of(RunFile.SamplesPrefix, round, RunFile.Plot);

    /// <summary>Samples of a round that are lines of text.</summary>
    public static string SamplesText(long round) => Of(RunFile.SamplesPrefix, round, RunFile.Lines);

    /// <summary>The metrics of a checkpoint's evaluation.</summary>
    public static string Evaluation(long round) => Of(RunFile.EvaluationPrefix, round, RunFile.Figures);

    private static string Of(string prefix, long round, string extension) =>
        string.Create(CultureInfo.InvariantCulture, $"{prefix}{round:D6}{extension}");
}
