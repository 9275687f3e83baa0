using System.Globalization;
using Ebm.Core;
using Ebm.Core.Native;
using TorchSharp;

namespace Ebm.Grains.Devices;

/// <summary>Turns a silo's device setting into the devices of its lanes.</summary>
internal static class LaneDevices
{
    /// <summary>The devices, one for each lane.</summary>
    /// <exception cref="InputException">The setting is not a device, or that device is not there.</exception>
    public static IReadOnlyList<torch.Device> Resolve(LaneOptions options)
    {
        TorchLibrary.EnsureLoaded();
        if (options.Lanes < 0)
        {
            throw new InputException($"lanes is {options.Lanes}; expected 0 (one for each core) or more.");
        }

        var gpus = torch.cuda.is_available() ? torch.cuda.device_count() : 0;
        return options.Device switch
        {
            "cpu" => Cpu(options.Lanes),
            "auto" => gpus > 0 ? Cuda(options.Lanes, gpus) : Cpu(options.Lanes),
            "cuda" => Cuda(options.Lanes, gpus),
            _ when options.Device.StartsWith("cuda:", StringComparison.Ordinal)
                && int.TryParse(
                    options.Device.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out var index) =>
                index < gpus
                    ? [.. Enumerable.Repeat(new torch.Device(DeviceType.CUDA, index), Math.Max(1, options.Lanes))]
                    : throw Missing(options.Device, gpus),
            _ => throw new InputException($"'{options.Device}' is not a device; expected cpu, cuda, cuda:N or auto."),
        };
    }

    private static torch.Device[] Cpu(int lanes) =>
        [.. Enumerable.Repeat(torch.CPU, lanes == 0 ? Environment.ProcessorCount : lanes)];

    private static torch.Device[] Cuda(int lanes, int gpus) => gpus == 0
        ? throw Missing("cuda", gpus)
        : [.. Enumerable.Range(0, lanes == 0 ? gpus : lanes).Select(i => new torch.Device(DeviceType.CUDA, i % gpus))];

    private static InputException Missing(string device, int gpus) => new(
        $"device '{device}' is not there: libtorch sees {gpus} CUDA devices. Use device cpu, or a build with "
        + "-p:TorchBackend=cuda on a machine with an NVIDIA GPU and its driver.");
}
