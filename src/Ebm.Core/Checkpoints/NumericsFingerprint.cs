using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Text;
using Ebm.Core.Native;
using TorchSharp;

namespace Ebm.Core.Checkpoints;

/// <summary>
/// Inputs of a result's bits besides the spec and the data. Silos with equal fingerprints compute equal bits. A run
/// resumes only with an equal fingerprint, unless the user allows another.
/// </summary>
internal static class NumericsFingerprint
{
    /// <summary>Version of the numerics; raise it with every change to this project that alters results.</summary>
    public const int Version = 1;

    /// <summary>
    /// The fingerprint of this process and device, for example <c>ebm-1 torch-2.10.0 x64 cpu-AuthenticAMD-avx512</c>.
    /// </summary>
    /// <remarks>
    /// The vendor is included because libtorch selects matrix kernels by it. <c>-without-onednn</c> is appended if
    /// <see cref="ConvolutionLibrary"/> found that library faulty.
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
    /// Models of this machine's NVIDIA GPUs, as reported by the driver; a run on GPUs stays on one model.
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
