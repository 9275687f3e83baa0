using TorchSharp;
using static TorchSharp.torch;

namespace Ebm.Core.Randomness;

/// <summary>The keyed noise of a device.</summary>
public static class NoiseFactory
{
    private static readonly PhiloxNoise Cpu = new();
    private static readonly GeneratorNoise Other = new();

    /// <summary>Philox on the CPU, torch's generators elsewhere. Neither has state, so all callers share one.</summary>
    public static INoise On(Device device) => device.type == DeviceType.CPU ? Cpu : Other;
}
