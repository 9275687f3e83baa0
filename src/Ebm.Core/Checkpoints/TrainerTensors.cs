using System.Runtime.InteropServices;
using Ebm.Core.Energies;
using Ebm.Core.Learning;
using Ebm.Core.Recovery;
using static TorchSharp.torch;

namespace Ebm.Core.Checkpoints;

/// <summary>Converts a trainer's state to named tensors and back.</summary>
internal static class TrainerTensors
{
    private const string OptimiserPrefix = "optimiser.", Average = "average";
    private const string Tunings = "sampler.tuning";
    private const string ChainEnergies = "chains.energies";
    private const string WatchRecent = "watch.recent", WatchPast = "watch.past";
    private const string Outcomes = "evaluation.outcomes";
    private const string VisibleOffsets = "offsets.visible", HiddenOffsets = "offsets.hidden";

    /// <summary>Copies the state except the parameters, which a checkpoint stores by version.</summary>
    /// <param name="state">The state.</param>
    /// <param name="versions">
    /// Newest versions whose adapted values are copied; null copies all that the state has.
    /// </param>
    public static IReadOnlyList<NamedTensor> Capture(TrainerState state, int? versions = null)
    {
        var tensors = state.Optimiser.Tensors.Select(t => NamedTensor.Of(OptimiserPrefix + t.Key, t.Value)).ToList();
        if (state.Average is { } average)
        {
            tensors.Add(NamedTensor.Of(Average, average));
        }

        if (state.Offsets is { } offsets)
        {
            tensors.Add(NamedTensor.Of(VisibleOffsets, offsets.Visible));
            tensors.Add(NamedTensor.Of(HiddenOffsets, offsets.Hidden));
        }

        if (state.Tunings[0].Count > 0)
        {
            tensors.Add(OfRows(Tunings, [.. state.Tunings.TakeLast(versions ?? state.Tunings.Count)]));
        }

        if (state.Energies is { } energies)
        {
            tensors.Add(NamedTensor.Of(ChainEnergies, energies));
        }

        var detector = state.Recovery.Watch;
        tensors.AddRange(
            from rows in new[] { (Name: WatchRecent, Rows: detector.Recent), (Name: WatchPast, Rows: detector.Past) }
            where rows.Rows.Count > 0
            select OfRows(rows.Name, rows.Rows));
        if (state.Outcomes.Count > 0)
        {
            tensors.Add(OfRows(Outcomes, [.. state.Outcomes.Select(o => new[] { o.Round, o.AtLeast })]));
        }

        return tensors;
    }

    /// <summary>Restores the state of a checkpoint's round on a device.</summary>
    public static TrainerState Restore(Checkpoint checkpoint, Device device)
    {
        using var scope = NewDisposeScope();
        var tensors = checkpoint.Trainer.ToDictionary(t => t.Name);
        double[][] Rows(string name) => tensors.TryGetValue(name, out var found) ? ToRows(found) : [];
        Tensor? Find(string name) => tensors.TryGetValue(name, out var found) ? found.ToTensor(device) : null;

        var optimiser = new OptimiserState(checkpoint.OptimiserStep, tensors.Keys
            .Where(name => name.StartsWith(OptimiserPrefix, StringComparison.Ordinal))
            .Select(name => KeyValuePair.Create(name[OptimiserPrefix.Length..], Find(name)!)));
        var state = new TrainerState(
            checkpoint.Attempt,
            checkpoint.Round,
            Parameters(checkpoint, checkpoint.Round, device),
            optimiser,
            Find(Average),
            Find(VisibleOffsets) is { } visible && Find(HiddenOffsets) is { } hidden
                ? new CentringOffsets(visible, hidden)
                : null,
            tensors.TryGetValue(Tunings, out var tunings) ? ToRows(tunings) : [[]],
            new RecoveryState(new DetectorState(Rows(WatchRecent), Rows(WatchPast)), checkpoint.Rollbacks),
            Find(ChainEnergies));
        foreach (var outcome in Rows(Outcomes))
        {
            state.Remember(new EvaluationOutcome((long)outcome[0], outcome[1]));
        }

        return state;
    }

    /// <summary>
    /// Restores the model of a checkpoint: the moving average of the parameters if the run keeps one. The caller owns
    /// the parameters.
    /// </summary>
    /// <exception cref="InputException">The checkpoint's parameters belong to another energy.</exception>
    public static (Parameters Parameters, bool IsAverage) RestoreModel(
        Checkpoint checkpoint, ParameterLayout layout, Device device)
    {
        using var state = Restore(checkpoint, device);
        return state.Parameters.numel() == layout.Length
            ? (new Parameters(
                layout, (state.Average ?? state.Parameters).clone(), state.TuningOf(state.Version)),
                state.Average is not null)
            : throw new InputException(
                $"the checkpoint of round {checkpoint.Round} has {state.Parameters.numel()} parameters and this energy "
                + $"{layout.Length}: the data has another number of features than the run was trained on.");
    }

    /// <summary>Copies the flat parameters of one version of a checkpoint to a device.</summary>
    public static Tensor Parameters(Checkpoint checkpoint, long version, Device device)
    {
        var bytes = checkpoint.Versions[version];
        return new NamedTensor("parameters", ElementType.F32, [bytes.Length / sizeof(float)], bytes).ToTensor(device);
    }

    /// <summary>Rows of equal length, [rows, numbers].</summary>
    private static NamedTensor OfRows(string name, IReadOnlyList<IReadOnlyList<double>> rows) => new(
        name, ElementType.F64, [rows.Count, rows[0].Count],
        MemoryMarshal.AsBytes<double>([.. rows.SelectMany(r => r)]).ToArray());

    private static double[][] ToRows(NamedTensor stored) =>
        [.. MemoryMarshal.Cast<byte, double>(stored.Bytes.Span).ToArray().Chunk((int)stored.Shape[1])];
}
