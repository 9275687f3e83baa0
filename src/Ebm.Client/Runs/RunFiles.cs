using System.Text.Json;
using Ebm.Contracts.Runs;
using Ebm.Core;
using Ebm.Core.Checkpoints;
using Ebm.Grains.Runs;
using Ebm.Grains.Stores;
using Ebm.RunFolders;
using Ebm.RunFolders.Checkpoints;

namespace Ebm.Client.Runs;

/// <summary>What the runs' folders say, read without a silo.</summary>
internal sealed class RunFiles(string home)
{
    private const int TailBytes = 1 << 16;

    /// <summary>The folder of runs.</summary>
    public string Home { get; } = Path.GetFullPath(home);

    /// <summary>Ids of the runs that are there.</summary>
    public IReadOnlyList<string> Ids()
    {
        using var runs = new RunHome(Home);
        return runs.Runs();
    }

    /// <summary>A run's folder.</summary>
    public string Of(string run) => Path.Combine(Home, run);

    /// <summary>A run's record, or null if there is none.</summary>
    /// <exception cref="EbmException">Its file is damaged.</exception>
    public RunRecord? Find(string run)
    {
        var path = Path.Combine(Of(run), RunLayout.Record);
        try
        {
            return JsonSerializer.Deserialize<RunRecord>(File.ReadAllBytes(path), MetricsJson.Page)
                ?? throw new JsonException("it holds the value null");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (JsonException e)
        {
            throw new EbmException($"{path} is not the record of a run: {e.Message}. "
                + "Restore it, or delete the folder.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EbmException($"{path} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>A run's record.</summary>
    /// <exception cref="NotFoundException">There is no such run.</exception>
    public RunRecord Get(string run) => Find(RunId.Checked(run))
        ?? throw new NotFoundException($"there is no run '{run}' in {Home}; `./ebm list` shows the runs.");

    /// <summary>
    /// The state as a person knows it: <c>interrupted</c> where a run should be working and no process is.
    /// </summary>
    public string StateOf(string run, RunRecord record)
    {
        var name = record.State.ToString().ToLowerInvariant();
        return record.State is RunState.Pending or RunState.Running or RunState.Stopping && !IsWorkedOn(run)
            ? "interrupted"
            : name;
    }

    /// <summary>A run's checkpoints, the newest first.</summary>
    public IReadOnlyList<Manifest> Checkpoints(string run) => Directory(run).List();

    /// <summary>A checkpoint, verified: of a round, or the newest whole one.</summary>
    /// <exception cref="NotFoundException">There is none.</exception>
    /// <exception cref="InputException">That of the round asked for is torn or altered.</exception>
    public Checkpoint Read(string run, long? round)
    {
        var manifests = Checkpoints(run);
        if (round is null)
        {
            return Directory(run).Latest(refused: text => Console.Error.WriteLine($"warning: {text}"))
                ?? throw new NotFoundException(MissingCheckpoint.Text(run, null, []));
        }

        return manifests.Any(m => m.Round == round)
            ? Directory(run).Read(round.Value)
            : throw new NotFoundException(MissingCheckpoint.Text(run, round, manifests.Select(m => m.Round)));
    }

    /// <summary>The latest round in the metrics, or null.</summary>
    public RoundReport? LatestMetrics(string run)
    {
        RoundReport[] reports = [.. Tail(Path.Combine(Of(run), RunLayout.Metrics)).Select(MetricsJson.Read)];
        var mixing = reports.LastOrDefault(r => r.Figures.RHat is not null)?.Figures;
        return reports is [.., var latest] ? latest with { Figures = latest.Figures.WithMixingOf(mixing) } : null;
    }

    /// <summary>The latest samples that were lines of text, or null.</summary>
    public string? LatestSamples(string run) => Tail(Path.Combine(Of(run), RunLayout.Events))
        .Select(EventJson.Read).LastOrDefault(e => e.Kind == RunEventKind.Samples)?.Text;

    /// <summary>The last lines of a file of JSON objects; none if the file is missing.</summary>
    private static IEnumerable<string> Tail(string path)
    {
        if (!File.Exists(path))
        {
            return [];
        }

        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        file.Seek(-Math.Min(file.Length, TailBytes), SeekOrigin.End);
        using var reader = new StreamReader(file);
        return reader.ReadToEnd().Split('\n').Where(l => l.StartsWith('{') && l.EndsWith('}'));
    }

    /// <summary>Deletes a run's folder.</summary>
    /// <exception cref="EbmException">A process works on it, or it cannot be deleted.</exception>
    public void Delete(string run)
    {
        if (IsWorkedOn(run))
        {
            throw new EbmException($"run '{run}' is being worked on by another process. Stop it first.");
        }

        try
        {
            System.IO.Directory.Delete(Of(run), recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EbmException($"{Of(run)} cannot be deleted whole: {e.Message}", e);
        }
    }

    private bool IsWorkedOn(string run)
    {
        try
        {
            using var file = new FileStream(
                Path.Combine(Of(run), RunLayout.Lock), FileMode.Open, FileAccess.Read, FileShare.None);
            return false;
        }
        catch (Exception e) when (e is FileNotFoundException or UnauthorizedAccessException)
        {
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    private CheckpointDirectory Directory(string run) => new(Path.Combine(Of(run), RunLayout.Checkpoints));
}
