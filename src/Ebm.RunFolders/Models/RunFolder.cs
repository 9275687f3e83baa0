using System.Text.Json;
using Ebm.Configuration.Reading;
using Ebm.Core;
using Ebm.Core.Checkpoints;
using Ebm.Core.Native;
using Ebm.Core.Registry;
using Ebm.Core.Spec;
using Ebm.Core.Training;
using Ebm.Data.Generated;
using Ebm.Data.Loading;
using Ebm.RunFolders.Checkpoints;
using static TorchSharp.torch;

namespace Ebm.RunFolders.Models;

/// <summary>The folder of a run that <c>ebm train</c> made, for reading.</summary>
public sealed class RunFolder
{
    private readonly CheckpointDirectory _checkpoints;

    /// <summary>Opens a folder.</summary>
    /// <param name="path">The folder, for example <c>runs/mnist-rbm-1a2b3c</c>.</param>
    /// <exception cref="InputException">It is not the folder of a run.</exception>
    public RunFolder(string path)
    {
        Path = System.IO.Path.GetFullPath(path);
        _checkpoints = new CheckpointDirectory(System.IO.Path.Combine(Path, RunLayout.Checkpoints));
        Spec = ReadSpec(System.IO.Path.Combine(Path, RunLayout.Record));
    }

    /// <summary>The folder's full path.</summary>
    public string Path { get; }

    /// <summary>The run's spec, with all defaults.</summary>
    public RunSpec Spec { get; }

    /// <summary>Rounds of the checkpoints, the newest (by attempt, then round) first.</summary>
    public IReadOnlyList<long> Rounds => [.. _checkpoints.List().Select(manifest => manifest.Round)];

    /// <summary>
    /// Loads the run's data and the model of a checkpoint. The data files must be where the spec names them: a base
    /// distribution is fitted to them. An energy of kind torchscript or assembly executes its file.
    /// </summary>
    /// <param name="round">Round of the checkpoint; null for the newest intact one.</param>
    /// <param name="device">Device of the parameters; the CPU by default.</param>
    /// <exception cref="InputException">
    /// The checkpoint is missing, torn or altered, or the data or the energy's file has changed since the run began.
    /// </exception>
    public StoredModel Open(long? round = null, Device? device = null)
    {
        TorchLibrary.EnsureLoaded();
        var checkpoint = round is { } given
            ? _checkpoints.Read(given)
            : _checkpoints.Latest() ?? throw new InputException($"{Path} has no checkpoint yet.");
        var data = DatasetLoader.Load(Spec.Data, Spec.Seed);
        if (data.Digest != checkpoint.DataDigest)
        {
            throw new InputException(
                $"{Path}: the data has changed since the run began (SHA-256 {data.Digest}; expected "
                + $"{checkpoint.DataDigest}). Restore the files, or train again.");
        }

        using var graphless = no_grad();
        using var scope = NewDisposeScope();
        var energy = EnergyFactory.Create(Spec.Energy, data, CouplingsFile.Read);
        if (EnergyFactory.ModuleDigest(energy) is var digest && digest != checkpoint.ModuleDigest)
        {
            throw new InputException(
                $"{Path}: the file of the energy has changed since the run began (SHA-256 {digest}; expected "
                + $"{checkpoint.ModuleDigest}). Restore the file, or train again.");
        }

        var (parameters, _) = TrainerTensors.RestoreModel(checkpoint, energy.Layout, device ?? CPU);
        return new StoredModel(checkpoint.Round, data, new TrainedModel(energy, parameters));
    }

    private static RunSpec ReadSpec(string file)
    {
        try
        {
            using var record = JsonDocument.Parse(File.ReadAllBytes(file));
            return SpecJson.Read(record.RootElement.GetProperty("specJson").GetString() ?? "null");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InputException($"{file} is missing; expected the folder of a run, such as runs/ID.", e);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new InputException($"{file} is not the record of a run: {e.Message}.", e);
        }
    }
}
