using Ebm.Core.Randomness;
using TorchSharp;

namespace Ebm.Grains.Devices;

/// <summary>What a piece of work finds on the thread that runs it.</summary>
/// <param name="Number">Of the lane within the silo.</param>
/// <param name="Device">The device it computes on.</param>
/// <param name="Noise">Keyed noise on that device.</param>
internal sealed record Lane(int Number, torch.Device Device, INoise Noise);
