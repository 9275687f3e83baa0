using System.Text.RegularExpressions;

namespace Ebm.Deploy.Tests.Checks;

/// <summary>Images have a tag with a version, or a digest.</summary>
internal static partial class Images
{
    public static IEnumerable<string> Problems(Manifests manifests) =>
        from workload in manifests.Workloads
        from container in workload.Containers
        where !Pinned().IsMatch(container.Image)
        select $"{workload.Name}: image {container.Image} is not pinned to a version";

    [GeneratedRegex(@"^[^:@]+(?::\d+/[^:@]+)?(?::v?\d+\.\d+\.\d+[\w.-]*|@sha256:[0-9a-f]{64})\z")]
    private static partial Regex Pinned();
}
