using System.Runtime.InteropServices;
using Ebm.Core.Checkpoints;
using Ebm.Core.Energies;
using static TorchSharp.torch;

namespace Ebm.Core.Training;

/// <summary>Converts the parameters of a model to named tensors and back.</summary>
internal static class ModelTensors
{
    private const string Tuning = "sampler.tuning";

    /// <summary>Copies the parameters by name, and the adapted values of the sampler if there are any.</summary>
    public static IReadOnlyList<NamedTensor> Capture(Parameters parameters) =>
    [
        .. parameters.Layout.Entries.Select((entry, i) => NamedTensor.Of(entry.Name, parameters[i])),
        .. parameters.Tuning.Count == 0
            ? Array.Empty<NamedTensor>()
            :
            [
                new NamedTensor(
                    Tuning, ElementType.F64, [parameters.Tuning.Count],
                    MemoryMarshal.AsBytes<double>([.. parameters.Tuning]).ToArray()),
            ],
    ];

    /// <summary>Creates the parameters on a device.</summary>
    /// <exception cref="InputException">A tensor is missing, has another shape or type, or is unknown.</exception>
    public static Parameters Restore(
        IReadOnlyList<NamedTensor> tensors, ParameterLayout layout, string path, Device device)
    {
        var byName = tensors.ToDictionary(t => t.Name);
        var flat = empty(layout.Length);
        foreach (var entry in layout.Entries)
        {
            if (!byName.Remove(entry.Name, out var stored)
                || stored.Type != ElementType.F32 || !stored.Shape.SequenceEqual(entry.Shape))
            {
                throw new InputException(
                    $"{path}: expected a tensor '{entry.Name}' of F32 [{string.Join(", ", entry.Shape)}], found "
                    + (stored is null ? "none" : $"{stored.Type} [{string.Join(", ", stored.Shape)}]")
                    + ". The file belongs to another energy.");
            }

            flat.narrow(0, entry.Offset, entry.Length).copy_(stored.ToTensor(CPU).reshape(-1));
        }

        double[] tuning = byName.Remove(Tuning, out var adapted) && adapted.Type == ElementType.F64
            ? MemoryMarshal.Cast<byte, double>(adapted.Bytes.Span).ToArray()
            : [];
        return byName.Keys.FirstOrDefault() is { } unknown
            ? throw new InputException(
                $"{path}: the tensor '{unknown}' is not a parameter of this energy. The file belongs to another one.")
            : new Parameters(layout, flat.to(device), tuning);
    }
}
