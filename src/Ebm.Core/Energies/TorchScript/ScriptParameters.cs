using static TorchSharp.torch;

namespace Ebm.Core.Energies.TorchScript;

/// <summary>Whether a module's parameters can lie in one flat float32 vector.</summary>
internal static class ScriptParameters
{
    /// <exception cref="InputException">They cannot; the message names one.</exception>
    public static void Check(string path, IReadOnlyList<ScriptTensor> trained)
    {
        if (trained.Count == 0)
        {
            throw EnergyFile.Bad(path, "the module has no parameters to train. "
                + "torch.jit.freeze and torch.no_grad turn them into constants; "
                + "save the module without them, and with requires_grad of what is to be trained.");
        }

        foreach (var (name, tensor) in trained)
        {
            if (tensor.dtype != ScalarType.Float32)
            {
                throw EnergyFile.Bad(path, $"the module's parameter {name} is {tensor.dtype}; expected Float32. "
                    + "Call model.float() before saving.");
            }
        }

        // One tensor under two names is one parameter; tensors that share memory otherwise would be trained apart.
        var ends = trained.Select(t => (t.Name, First: First(t.Tensor),
            End: First(t.Tensor) + (t.Tensor.numel() * sizeof(float))))
            .OrderBy(t => t.First).ToArray();
        foreach (var (a, b) in ends.Zip(ends.Skip(1)))
        {
            if (b.First < a.End)
            {
                throw EnergyFile.Bad(path, $"the module's parameters {a.Name} and {b.Name} share memory; "
                    + "expected one parameter under both names, or one for each.");
            }
        }
    }

    private static long First(Tensor tensor)
    {
        using var storage = tensor.storage<float>();
        return storage.data_ptr() + (tensor.storage_offset() * sizeof(float));
    }
}
