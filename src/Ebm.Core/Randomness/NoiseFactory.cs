using TorchSharp;
using static TorchSharp.torch;

namespace Ebm.Core.Randomness;

/// <summary>Selects the keyed noise of a device.</summary>
public static class NoiseFactory
{
    private static readonly PhiloxNoise Cpu = new();
    private static readonly GeneratorNoise Other = new();

    /// <summary>
    /// Philox on the CPU, torch's generators elsewhere. Both are stateless and shared by all callers.
    /// </summary>
    public static INoise On(Device device) => device.type == DeviceType.CPU ? Cpu : Other;
}
