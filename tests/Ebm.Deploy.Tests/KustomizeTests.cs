namespace Ebm.Deploy.Tests;

/// <summary>Which programs can build the overlays.</summary>
public sealed class KustomizeTests
{
    [Theory]
    [InlineData("Client Version: v1.32.4\nKustomize Version: v5.5.0\n", 5)]
    [InlineData("v5.0.3\n", 5)]
    [InlineData("Client Version: version.Info{Major:\"1\", Minor:\"20\", GitVersion:\"v1.20.5\"}\n", 0)]
    [InlineData("Client Version: v1.25.0\nKustomize Version: v4.5.7\n", 4)]
    public void MajorVersion_OfTheOutputOfAProgram_IsThatOfKustomize(string text, int version) =>
        Assert.Equal(version, Kustomize.MajorVersion(text));
}
