using System.Collections.Concurrent;
using static TorchSharp.torch;

namespace Ebm.Core.Energies.TorchScript;

/// <summary>
/// The loaded copies of a module: a call has one to itself from beginning to end, so lanes never see each other's
/// parameters or graphs. There are as many for each device as were ever in use there at once.
/// </summary>
internal sealed class ScriptCopies
{
    private readonly ConcurrentDictionary<(string Device, ScalarType Type), ConcurrentBag<ScriptCopy>> _idle = new();

    /// <summary>Takes ownership of one copy on the CPU.</summary>
    public ScriptCopies(ScriptFile file, ScriptCopy first)
    {
        File = file;
        Idle(CPU, ScalarType.Float32).Add(first);
    }

    /// <summary>The module's file.</summary>
    public ScriptFile File { get; }

    /// <summary>Does something with a copy whose parameters are the given ones.</summary>
    public T With<T>(Parameters parameters, Func<ScriptCopy, T> use)
    {
        var (device, type) = (parameters.Flat.device, parameters.Flat.dtype);
        var idle = Idle(device, type);
        var copy = idle.TryTake(out var taken) ? taken : ScriptCopy.Load(File, device, type);
        copy.Bind(parameters);
        var result = use(copy);

        // A copy that failed may hold half of a gradient; it is not used again.
        idle.Add(copy);
        return result;
    }

    private ConcurrentBag<ScriptCopy> Idle(Device device, ScalarType type) =>
        _idle.GetOrAdd((device.ToString(), type), _ => []);
}
