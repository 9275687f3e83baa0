using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Text;
using Ebm.Core.Native;
using TorchSharp;

namespace Ebm.Core.Checkpoints;

/// <summary>
/// What the bits of a result depend on besides the spec and the data. Two silos with equal fingerprints compute the
/// same bits; a run goes on only where it is equal, unless the user allows otherwise.
/// </summary>
public static class NumericsFingerprint
{
    /// <summary>Goes up with every change to this project that changes results.</summary>
    public const int Version = 1;

    /// <summary>For example <c>ebm-1 torch-2.10.0 x64 cpu-AuthenticAMD-avx512</c>.</summary>
    /// <remarks>
    /// The vendor counts because libtorch's matrix products choose their kernels by it; <c>-without-onednn</c> follows
    /// where
    /// <see cref="ConvolutionLibrary"/> found that library wrong.
    /// </remarks>
    public static string Current(DeviceType device) => device == DeviceType.CPU
        ? $"ebm-{Version} torch-{torch.__version__} {Architecture} cpu-{Vendor()}-{InstructionSet()}"
            + (ConvolutionLibrary.IsOneDnn ? "" : "-without-onednn")
        : $"ebm-{Version} torch-{torch.__version__} {Architecture} "
            + $"{device.ToString().ToLowerInvariant()}-{GpuModels()}";

    private static string Architecture => RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();

    private static string InstructionSet() =>
        Avx512F.IsSupported ? "avx512" : Avx2.IsSupported ? "avx2" : "baseline";

    /// <summary>
    /// The models of this machine's NVIDIA GPUs, as their driver tells; a run on GPUs stays on one model.
    /// </summary>
    private static string GpuModels()
    {
        const string Driver = "/proc/driver/nvidia/gpus", Model = "Model:";
        var models = !Directory.Exists(Driver) ? [] :
            from file in Directory.EnumerateFiles(Driver, "information", SearchOption.AllDirectories)
            from line in File.ReadLines(file)
            where line.StartsWith(Model, StringComparison.Ordinal)
            select line[Model.Length..].Trim().Replace(' ', '_');
        var distinct = string.Join('+', models.Distinct().Order(StringComparer.Ordinal));
        return distinct.Length > 0 ? distinct : "unknown";
    }

    private static string Vendor()
    {
        if (!X86Base.IsSupported)
        {
            return "other";
        }

        var (_, b, c, d) = X86Base.CpuId(0, 0);
        return Encoding.ASCII.GetString(MemoryMarshal.AsBytes<int>([b, d, c]));
    }
}
