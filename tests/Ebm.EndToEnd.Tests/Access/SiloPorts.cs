using System.Globalization;

namespace Ebm.EndToEnd.Tests.Access;

/// <summary>The ports of a silo of a local cluster, as its command line has them.</summary>
internal static class SiloPorts
{
    public static int Gateway(int process) => Of(process, "--gateway-port");

    public static int Silo(int process) => Of(process, "--silo-port");

    private static int Of(int process, string flag)
    {
        var command = File.ReadAllText($"/proc/{process}/cmdline").Split('\0');
        return int.Parse(command[Array.IndexOf(command, flag) + 1], CultureInfo.InvariantCulture);
    }
}
