using Ebm.Configuration.Reading;

namespace Ebm.Library.Tests.Configuration.Reading;

public sealed class SpecJsonTests
{
    private static string Digest(string text, string path) => SpecJson.Digest(SpecFile.Parse(text, path, []));

    [Fact]
    public void Digest_SameSpecInAnotherFolder_IsTheSame() =>
        Assert.Equal(Digest(SpecTexts.Rbm, "/here/spec.yaml"), Digest(SpecTexts.Rbm, "/else/where/spec.yaml"));

    [Fact]
    public void Digest_AnotherNameOfTheDataFile_IsAnother() => Assert.NotEqual(
        Digest(SpecTexts.Rbm, "/here/spec.yaml"),
        Digest(SpecTexts.Rbm.Replace("train.gz", "other.gz", StringComparison.Ordinal), "/here/spec.yaml"));

    [Fact]
    public void Digest_AnotherSeed_IsAnother() =>
        Assert.NotEqual(Digest(SpecTexts.Rbm, "/a/spec.yaml"), Digest(SpecTexts.Rbm + "\nseed: 7", "/a/spec.yaml"));

    [Fact]
    public void Write_DataFile_KeepsItsFolder() => Assert.Contains(
        "\"/here/train.gz\"", SpecJson.Write(SpecFile.Parse(SpecTexts.Rbm, "/here/spec.yaml", [])),
        StringComparison.Ordinal);
}
