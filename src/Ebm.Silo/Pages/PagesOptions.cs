using System.Net;

namespace Ebm.Silo.Pages;

/// <summary>Where the pages are served.</summary>
/// <param name="Address">The address that is listened on.</param>
/// <param name="Port">The port; 0 is any free one.</param>
internal sealed record PagesOptions(IPAddress Address, int Port)
{
    /// <summary>Whether Orleans' own dashboard is among them, under /orleans: the silos have its parts.</summary>
    public bool Dashboard { get; init; }

    /// <summary>On this machine alone.</summary>
    public static PagesOptions Local(int port) => new(IPAddress.Loopback, port);
}
