using Ebm.Contracts.Runs;
using Ebm.Core.Checkpoints;
using Ebm.RunFolders;

namespace Ebm.Client.Runs;

/// <summary>The end of a run, and its files.</summary>
/// <param name="Status">The run at its end.</param>
/// <param name="Place">Where it lives.</param>
/// <param name="NegativesPerSecond">Over all the time spent on it; 0 where nothing is known of it.</param>
/// <param name="Files">What lies in its folder for people, in the order they would look at it; none in a
/// cluster.</param>
internal sealed record RunOutcome(
    RunStatus Status, RunLocation Place, double NegativesPerSecond, IReadOnlyList<string> Files)
{
    private static readonly string[] Single =
        [RunLayout.Spec, RunLayout.Metrics, RunLayout.Curves, RunLayout.EnergiesPlot];

    /// <summary>The exit code that says it.</summary>
    public ExitCode ExitCode => Of(Status.State);

    /// <summary>The exit code that says how a run ended.</summary>
    public static ExitCode Of(RunState state) => state switch
    {
        RunState.Succeeded => ExitCode.Succeeded,
        RunState.Stopped => ExitCode.Stopped,
        _ => ExitCode.Failed,
    };

    /// <summary>Of a run whose folder is at hand.</summary>
    public static RunOutcome Of(RunStatus status, string home, int chains)
    {
        var place = RunLocation.In(home, status.Id);
        return new RunOutcome(
            status, place, Rate(status, chains),
            [.. FilesOf(place.Name)]);
    }

    /// <summary>Of a run in a cluster.</summary>
    public static RunOutcome Of(RunStatus status, RunLocation place) =>
        new(status, place, Rate(status, status.Shape?.Chains ?? 0), []);

    private static double Rate(RunStatus status, int chains) =>
        status.Seconds > 0 ? status.Round * (double)chains / status.Seconds : 0;

    private static IEnumerable<string> FilesOf(string directory)
    {
        if (!Directory.Exists(directory))
        {
            return [];
        }

        var names = Directory.EnumerateFiles(directory).Select(f => Path.GetFileName(f)).ToHashSet();
        var latest = names.Select(name => (Name: name, File: RunFile.Parse(name))).Where(f => f.File is not null)
            .GroupBy(f => f.File!.Kind).OrderBy(kind => kind.Key).Select(kind => kind.MaxBy(f => f.File!.Round).Name);
        return [.. Single.Where(names.Contains), .. latest, .. Checkpoint(directory), .. EventFiles(directory)];
    }

    private static IEnumerable<string> EventFiles(string directory) =>
        Directory.Exists(Path.Combine(directory, RunLayout.TensorBoard)) ? [$"{RunLayout.TensorBoard}/"] : [];

    private static IEnumerable<string> Checkpoint(string directory)
    {
        var path = Path.Combine(directory, RunLayout.Checkpoints);
        return Directory.Exists(path)
            ? Directory.EnumerateDirectories(path).Where(d => File.Exists(Path.Combine(d, Manifest.FileName)))
                .Select(d => $"{RunLayout.Checkpoints}/{Path.GetFileName(d)}/")
                .Order(StringComparer.Ordinal).TakeLast(1)
            : [];
    }
}
