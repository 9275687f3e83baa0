using System.Runtime.InteropServices;

namespace Ebm.Client.Local.Processes;

/// <summary>Signals that .NET has no call for.</summary>
internal static partial class ProcessSignals
{
    public const int Terminate = 15, Continue = 18, Stop = 19;

    /// <summary>Sends a signal; false if there is no such process.</summary>
    public static bool Send(int process, int signal) => Kill(process, signal) == 0;

    [LibraryImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Kill(int process, int signal);
}
