using System.Runtime.InteropServices;

namespace Ebm.Grains.Devices;

/// <summary>
/// Makes a lane's thread give way to the silo's own threads, whose membership probes must not starve.
/// </summary>
internal static class ThreadNiceness
{
    private const int ThisThread = 0, Process = 0, Niceness = 5;

    /// <summary>Lowers the calling thread's claim on the processor; does nothing where that is not possible.</summary>
    public static void Lower()
    {
        if (OperatingSystem.IsLinux())
        {
            // On Linux the nice value belongs to the thread, and 0 names the calling one.
            _ = setpriority(Process, ThisThread, Niceness);
        }
    }

    [DllImport("libc"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int setpriority(int which, int who, int priority);
}
