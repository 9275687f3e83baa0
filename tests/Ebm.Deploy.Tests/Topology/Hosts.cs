using System.Diagnostics;
using System.Globalization;

namespace Ebm.Deploy.Tests.Topology;

/// <summary>
/// Hosts on this machine, each a network namespace with an address of its own, on one bridge. Needs root, iproute2 and
/// nftables.
/// </summary>
internal sealed class Hosts : IDisposable
{
    private const string Ip = "ip";

    private readonly string _id = (Environment.ProcessId % 100_000).ToString(CultureInfo.InvariantCulture);
    private readonly List<string> _names = [];

    public Hosts()
    {
        Output.Of(Ip, "link", "add", Bridge, "type", "bridge");
        Output.Of(Ip, "link", "set", Bridge, "up");
    }

    private string Bridge => "ebm" + _id;

    /// <summary>The address of the host of a number.</summary>
    public static string Address(int number) => string.Create(CultureInfo.InvariantCulture, $"10.77.0.{number + 1}");

    /// <summary>Adds a host.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="number">Its number, of which its address is made.</param>
    /// <param name="known">Its /etc/hosts.</param>
    public void Add(string name, int number, string known)
    {
        Directory.CreateDirectory(Files(name));
        File.WriteAllText(Path.Combine(Files(name), "hosts"), known + "\n");
        Output.Of(Ip, "netns", "add", Space(name));
        _names.Add(name);
        Output.Of(Ip, "link", "add", Port(name), "type", "veth", "peer", "name", "eth0", "netns", Space(name));
        Output.Of(Ip, "link", "set", Port(name), "master", Bridge, "up");
        Output.Of(Ip, "-n", Space(name), "addr", "add", Address(number) + "/24", "dev", "eth0");
        Output.Of(Ip, "-n", Space(name), "link", "set", "lo", "up");
        Output.Of(Ip, "-n", Space(name), "link", "set", "eth0", "up");
    }

    /// <summary>Gives a host its firewall.</summary>
    public void Protect(string name, string rules)
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, rules);
        Output.Of(Ip, "netns", "exec", Space(name), "nft", "-f", file);
        File.Delete(file);
    }

    /// <summary>A program as it is started on a host.</summary>
    public ProcessStartInfo Command(string name, string program, params IEnumerable<string> arguments) =>
        new(Ip, ["netns", "exec", Space(name), program, .. arguments]);

    /// <summary>Pulls a host's cable.</summary>
    public void CutOff(string name) => Output.Of(Ip, "link", "set", Port(name), "down");

    /// <summary>Puts it back.</summary>
    public void Heal(string name) => Output.Of(Ip, "link", "set", Port(name), "up");

    public void Dispose()
    {
        foreach (var name in _names)
        {
            Output.Of(Ip, "netns", "del", Space(name));
            Directory.Delete(Files(name), recursive: true);
        }

        Output.Of(Ip, "link", "del", Bridge);
    }

    // Mounted over /etc by "ip netns exec".
    private string Files(string name) => "/etc/netns/" + Space(name);

    private string Space(string name) => $"ebm-{_id}-{name}";

    // At most 15 characters.
    private string Port(string name) => string.Create(CultureInfo.InvariantCulture, $"e{_id}x{_names.IndexOf(name)}");
}
