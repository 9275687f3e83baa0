using Ebm.Contracts.Runs;

namespace Ebm.Client.Runs;

/// <summary>How a run ended, and what it left.</summary>
/// <param name="Status">The run at its end.</param>
/// <param name="Directory">Its folder, as the user would name it.</param>
/// <param name="Home">The folder of runs as the user named it.</param>
/// <param name="NegativesPerSecond">Over all the time spent on it.</param>
/// <param name="Files">What lies in the folder for people, in the order they would look at it.</param>
internal sealed record RunOutcome(
    RunStatus Status, string Directory, string Home, double NegativesPerSecond, IReadOnlyList<string> Files)
{
    private static readonly string[] Patterns =
        ["spec.yaml", "metrics.jsonl", "curves.png", "energies.png", "samples-*.png", "evaluation-*.json"];

    /// <summary>The exit code that says it.</summary>
    public ExitCode ExitCode => Status.State switch
    {
        RunState.Succeeded => ExitCode.Succeeded,
        RunState.Stopped => ExitCode.Stopped,
        _ => ExitCode.Failed,
    };

    /// <summary>Reads the folder.</summary>
    public static RunOutcome Of(RunStatus status, string directory, string home, int chains) => new(
        status, directory, home, status.Seconds > 0 ? status.Round * (double)chains / status.Seconds : 0,
        [.. Patterns.SelectMany(pattern => Existing(directory, pattern)), .. Checkpoint(directory)]);

    private static IEnumerable<string> Existing(string directory, string pattern) => System.IO.Directory.Exists(directory)
        ? System.IO.Directory.EnumerateFiles(directory, pattern).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal).TakeLast(1)
        : [];

    private static IEnumerable<string> Checkpoint(string directory)
    {
        var path = Path.Combine(directory, "checkpoints");
        return System.IO.Directory.Exists(path)
            ? System.IO.Directory.EnumerateDirectories(path).Where(d => File.Exists(Path.Combine(d, "manifest.json")))
                .Select(d => $"checkpoints/{Path.GetFileName(d)}/").Order(StringComparer.Ordinal).TakeLast(1)
            : [];
    }
}
