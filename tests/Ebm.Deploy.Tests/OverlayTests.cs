using Ebm.Deploy.Tests.Checks;

namespace Ebm.Deploy.Tests;

/// <summary>What the overlays build, held against the code.</summary>
public sealed class OverlayTests
{
    /// <summary>The checks by their names.</summary>
    internal static readonly IReadOnlyDictionary<string, Func<Manifests, IEnumerable<string>>> Checks =
        new Dictionary<string, Func<Manifests, IEnumerable<string>>>
    {
        [nameof(Settings)] = Settings.Problems,
        [nameof(PodSecurity)] = PodSecurity.Problems,
        [nameof(Selectors)] = Selectors.Problems,
        [nameof(Ports)] = Ports.Problems,
        [nameof(Network)] = Network.Problems,
        [nameof(References)] = References.Problems,
        [nameof(Stopping)] = Stopping.Problems,
        [nameof(Images)] = Images.Problems,
        [nameof(Scaling)] = Scaling.Problems,
    };

    public static TheoryData<string, string> OverlaysAndChecks() =>
        new(from overlay in Overlays.Names from check in Checks.Keys select (overlay, check));

    [Theory]
    [MemberData(nameof(OverlaysAndChecks))]
    public void Overlay_AsBuilt_PassesTheCheck(string overlay, string check) =>
        Assert.Empty(Checks[check](Overlays.Of(overlay)));

    [Fact]
    public void Components_AllOfThem_AreInSomethingThatIsBuilt()
    {
        var folder = Repository.PathOf("deploy/k8s/components");
        var components = Directory.GetFiles(folder, "kustomization.yaml", SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(folder, Path.GetDirectoryName(f)!));
        var production = File.ReadAllText(Repository.PathOf("deploy/k8s/overlays/production/kustomization.yaml"));

        Assert.All(components, c => Assert.True(
            Overlays.Names.Any(n => n.Split(" + ").Contains(c))
                || production.Contains($"components/{c}\n", StringComparison.Ordinal), $"{c} is nowhere"));
    }
}
