using System.Collections.Concurrent;
using TorchSharp;
using static TorchSharp.torch;

namespace Ebm.Core.Energies.Bases;

/// <summary>
/// A table that never changes, with a copy for each device and type that it is used on. It lives as long as its owner,
/// outside of any dispose scope.
/// </summary>
internal sealed class ConstantTensor
{
    private readonly Func<ScalarType, Tensor> _host;
    private readonly ConcurrentDictionary<(DeviceType Kind, int Index, ScalarType Type), Lazy<Tensor>> _copies = new();

    /// <summary>Takes ownership of <paramref name="host"/>, on the CPU.</summary>
    public ConstantTensor(Tensor host)
    {
        _ = host.DetachFromDisposeScope();
        _host = type => host.to(type);
    }

    /// <summary>A table that is only made in the types that are asked for, on the CPU.</summary>
    public ConstantTensor(Func<ScalarType, Tensor> make) => _host = make;

    /// <summary>Its values on a device, in a type; not the caller's to dispose.</summary>
    public Tensor On(Device device, ScalarType type) => _copies.GetOrAdd(
        (device.type, device.index, type), _ => new(() => _host(type).to(device).DetachFromDisposeScope())).Value;

    /// <summary>Its values where and in the type in which <paramref name="states"/> are.</summary>
    public Tensor Like(Tensor states) => On(states.device, states.dtype);
}
