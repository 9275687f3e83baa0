using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using TorchSharp;

namespace Ebm.Core.Native;

/// <summary>
/// Makes TorchSharp's native library load, also where the system's libstdc++ is older than the one it was built with
/// (see <see cref="ElfRelink"/>), and prepares the process for it.
/// </summary>
public static class TorchLibrary
{
    private const string Name = "LibTorchSharp";

    /// <summary>Environment variable: <c>off</c> loads the library as it is, or not at all.</summary>
    private const string RelinkSwitch = "EBM_RELINK";

    private const int TrimThreshold = -1, TopPad = -2, MmapThreshold = -3;

    private static string? _reason;

    /// <summary>
    /// Loads libtorch and sets it to one intra-op thread: cores are filled by device lanes, and one thread gives the
    /// same bits on any number of them.
    /// </summary>
    /// <exception cref="EbmException">It cannot be loaded on this system; the message says why.</exception>
    public static void EnsureLoaded()
    {
        try
        {
            torch.InitializeDeviceType(DeviceType.CPU);
            torch.set_num_threads(1);
            KeepScriptsPlain();
            _ = ConvolutionLibrary.IsOneDnn;
            if (torch.cuda.is_available())
            {
                // Full float32 products; TorchSharp has no switch for cuDNN's choice of deterministic kernels.
                torch.backends.cuda.matmul.allow_tf32 = false;
                torch.backends.cudnn.allow_tf32 = false;
            }
        }
        catch (Exception e) when (e is not EbmException)
        {
            throw new EbmException(
                $"libtorch cannot be loaded: {_reason ?? e.GetBaseException().Message.Split('\n')[0]}. "
                + "It needs Linux on x86-64 with glibc 2.34 and libstdc++ 3.4.11 or newer.", e);
        }
    }

    /// <summary>
    /// Runs TorchScript operation by operation, as it stands. Otherwise its first runs are watched, and later ones go
    /// through rewritten graphs and derivatives: the second call would give other bits than the first.
    /// </summary>
    private static unsafe void KeepScriptsPlain() => *ProfilingMode() = 0;

    /// <summary>Runs before any code of this assembly, so before the first call into libtorch.</summary>
    [ModuleInitializer]
    internal static void Prepare()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        // glibc returns freed activations to the kernel and faults them in again every step; keeping them makes
        // convolutions 1.3 to 1.5 times faster and changes no result.
        try
        {
            _ = mallopt(MmapThreshold, 1 << 30);
            _ = mallopt(TrimThreshold, int.MaxValue);
            _ = mallopt(TopPad, 64 << 20);

            // OpenMP keeps its thread count thread by thread, and set_num_threads reaches the calling thread alone: on
            // any other, oneDNN's convolutions would take all cores and give other bits. OpenMP reads this once, as it
            // loads.
            _ = setenv("OMP_NUM_THREADS", "1", 1);

            // cuBLAS repeats its bits only with a workspace of a fixed size.
            _ = setenv("CUBLAS_WORKSPACE_CONFIG", ":4096:8", 1);
        }
        catch (EntryPointNotFoundException)
        {
            // Another libc (musl): its allocator has no such thresholds.
        }

        AssemblyLoadContext.Default.ResolvingUnmanagedDll += Resolve;
    }

    /// <summary>Called only after normal probing failed.</summary>
    private static nint Resolve(Assembly assembly, string name)
    {
        if (name != Name || FindDirectory() is not { } directory)
        {
            return 0;
        }

        if (Environment.GetEnvironmentVariable(RelinkSwitch) == "off")
        {
            _reason = $"lib{Name}.so needs libstdc++ 3.4.32 here, and {RelinkSwitch} is off";
            return 0;
        }

        var image = File.ReadAllBytes(Path.Combine(directory, $"lib{Name}.so"));
        if (!ElfRelink.TryRelink(image))
        {
            _reason = $"lib{Name}.so does not fit this system's C++ library and cannot be relinked";
            return 0;
        }

        // The rewritten copy lies in another folder, so the libraries of its own folder must be loaded before.
        foreach (var dependency in (ReadOnlySpan<string>)["libc10.so", "libtorch_cpu.so", "libtorch.so"])
        {
            NativeLibrary.Load(Path.Combine(directory, dependency));
        }

        var copy = Path.Combine(Path.GetTempPath(), $"lib{Name}-{Environment.ProcessId}.so");
        try
        {
            File.WriteAllBytes(copy, image);
            return NativeLibrary.Load(copy);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or DllNotFoundException)
        {
            _reason = $"the relinked lib{Name}.so could not be loaded from {Path.GetTempPath()} ({e.Message})";
            return 0;
        }
        finally
        {
            File.Delete(copy);
        }
    }

    private static string? FindDirectory() =>
        ((string?)AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") ?? "")
            .Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Append(AppContext.BaseDirectory)
            .FirstOrDefault(d => File.Exists(Path.Combine(d, $"lib{Name}.so")));

    /// <summary>torch::jit::getProfilingMode(), which returns a reference to an atomic bool.</summary>
    [DllImport("libtorch_cpu.so", EntryPoint = "_ZN5torch3jit16getProfilingModeEv")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]
    private static extern unsafe byte* ProfilingMode();

    [DllImport("libc"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int mallopt(int parameter, int value);

    [DllImport("libc", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int setenv(string name, string value, int overwrite);
}
