using Ebm.Core.States;
using TorchSharp;

namespace Ebm.Grains.Models.Evaluation;

/// <summary>States that came as numbers on the host.</summary>
internal static class HostStates
{
    /// <summary>
    /// [states, features] on a device. In memory of libtorch's own: a matrix product over an array's memory may have
    /// other last bits, since its first element lies at another place of a cache line.
    /// </summary>
    public static torch.Tensor On(torch.Device device, float[] states, StateSpace space) =>
        torch.tensor(states).view(-1, space.Features).to(device, copy: true);
}
