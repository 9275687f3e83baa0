using System.Runtime.InteropServices;
using Ebm.Core.Learning;
using static TorchSharp.torch;

namespace Ebm.Core.Checkpoints;

/// <summary>A trainer's state as named tensors, and back.</summary>
public static class TrainerTensors
{
    private const string OptimiserPrefix = "optimiser.", Average = "average";
    private const string Tunings = "sampler.tuning";
    private const string ChainEnergies = "chains.energies";
    private const string VisibleOffsets = "offsets.visible", HiddenOffsets = "offsets.hidden";

    /// <summary>Copies all but the parameters, which are kept by version.</summary>
    public static IReadOnlyList<NamedTensor> Capture(TrainerState state)
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
            tensors.Add(OfTunings(state.Tunings));
        }

        if (state.Energies is { } energies)
        {
            tensors.Add(NamedTensor.Of(ChainEnergies, energies));
        }

        return tensors;
    }

    /// <summary>The state of a checkpoint's round, on a device.</summary>
    public static TrainerState Restore(Checkpoint checkpoint, Device device)
    {
        using var scope = NewDisposeScope();
        var tensors = checkpoint.Trainer.ToDictionary(t => t.Name);
        Tensor? Find(string name) => tensors.TryGetValue(name, out var found) ? found.ToTensor(device) : null;

        var optimiser = new OptimiserState(checkpoint.OptimiserStep, tensors.Keys
            .Where(name => name.StartsWith(OptimiserPrefix, StringComparison.Ordinal))
            .Select(name => KeyValuePair.Create(name[OptimiserPrefix.Length..], Find(name)!)));
        return new TrainerState(
            checkpoint.Attempt, checkpoint.Round, Parameters(checkpoint, checkpoint.Round, device), optimiser, Find(Average),
            Find(VisibleOffsets) is { } visible && Find(HiddenOffsets) is { } hidden ? new CentringOffsets(visible, hidden) : null,
            tensors.TryGetValue(Tunings, out var tunings) ? ToTunings(tunings) : [[]],
            Find(ChainEnergies));
    }

    /// <summary>The flat parameters of one of a checkpoint's versions, a new tensor on a device.</summary>
    public static Tensor Parameters(Checkpoint checkpoint, long version, Device device)
    {
        var bytes = checkpoint.Versions[version];
        return new NamedTensor("parameters", ElementType.F32, [bytes.Length / sizeof(float)], bytes).ToTensor(device);
    }

    /// <summary>[versions, numbers], the oldest version first.</summary>
    private static NamedTensor OfTunings(IReadOnlyList<IReadOnlyList<double>> tunings) => new(
        Tunings, ElementType.F64, [tunings.Count, tunings[0].Count],
        MemoryMarshal.AsBytes<double>([.. tunings.SelectMany(t => t)]).ToArray());

    private static IEnumerable<IReadOnlyList<double>> ToTunings(NamedTensor stored) =>
        MemoryMarshal.Cast<byte, double>(stored.Bytes.Span).ToArray().Chunk((int)stored.Shape[1]);
}
