using System.Diagnostics;

namespace Ebm.EndToEnd.Tests.Cluster;

/// <summary>Processes by their number.</summary>
internal static class EbmProcess
{
    /// <summary>Kills one (-9), if it is there.</summary>
    public static void Kill(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            process.Kill();
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            // It is gone.
        }
    }
}
