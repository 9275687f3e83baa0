using System.Runtime.InteropServices;

namespace Ebm.Client.Local.Processes;

/// <summary>Signals that .NET cannot send.</summary>
internal static partial class ProcessSignals
{
    public const int Terminate = 15, Continue = 18, Stop = 19;

    /// <summary>Sends a signal; false if the process does not exist.</summary>
    public static bool Send(int process, int signal) => Kill(process, signal) == 0;

    /// <summary>Waits until a process is stopped (SIGSTOP), or has ended.</summary>
    public static async Task WaitUntilStopped(int process)
    {
        while (State(process) is not ('T' or null))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5));
        }
    }

    // The third field; the second, the program's name in parentheses, may contain any character.
    private static char? State(int process)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{process}/stat");
            return text[text.LastIndexOf(')') + 2];
        }
        catch (IOException)
        {
            return null;
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Kill(int process, int signal);
}
