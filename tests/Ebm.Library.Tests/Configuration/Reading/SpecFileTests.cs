using Ebm.Configuration.Reading;
using Ebm.Core.Spec;
using Ebm.Core;

namespace Ebm.Library.Tests.Configuration.Reading;

public sealed class SpecFileTests
{
    [Fact]
    public void Parse_MinimalSpec_FillsDefaultsAndResolvesFilesFromItsFolder()
    {
        var spec = SpecFile.Parse(SpecTexts.Rbm, "/some/folder/spec.yaml", []);

        Assert.Equal("/some/folder/train.gz", Assert.IsType<IdxDataSpec>(spec.Data).Path);
        Assert.Equal(16, Assert.IsType<RbmSpec>(spec.Energy).Hidden);
        Assert.Equal(0.01, ((RbmSpec)spec.Energy).OffsetRate);
        Assert.Equal(Binarise.Sample, spec.Data.Binarise);
        Assert.Equal(64, spec.Learning.Batch);
        Assert.IsType<AdamSpec>(spec.Learning.Optimiser);
        Assert.Null(spec.Learning.Epochs);
        Assert.Equal(ChainStart.Buffer, spec.Negatives.Start);
    }

    [Fact]
    public void Parse_EveryNotation_GivesTheSameSpec()
    {
        const string written = """
            energy:
              hidden: &units 1.6e1
              kind: "rbm"
              centred: false
            learning: {rounds: 100, epochs: null, gradientClip: ~, batch: 64,
              optimiser: {rate: 1e-3, kind: adam}}
            name: 'small'
            seed: 0
            sampler:
              kind: gibbs   # a comment
            negatives: {chains: 128}
            data:
              kind: idx
              path: ./train.gz
              binarise: sample
              labels:
            evaluation: {every: 0}
            """;

        Assert.Equal(
            SpecJson.Write(SpecFile.Parse(SpecTexts.Rbm, "spec.yaml", [])),
            SpecJson.Write(SpecFile.Parse(written, "spec.yaml", [])));
    }

    [Fact]
    public void Parse_Alias_StandsForItsAnchor()
    {
        var text = SpecTexts.Rbm.Replace("hidden: 16", "hidden: &n 16", StringComparison.Ordinal)
            .Replace("chains: 128", "chains: *n", StringComparison.Ordinal);

        Assert.Equal(16, SpecFile.Parse(text, "spec.yaml", []).Negatives.Chains);
    }

    [Fact]
    public void Parse_CanonicalJson_IsReadAsYaml()
    {
        var json = SpecJson.Write(SpecFile.Parse(SpecTexts.Rbm, "spec.yaml", []));

        Assert.Equal(json, SpecJson.Write(SpecFile.Parse(json, "spec.json", [])));
    }

    [Fact]
    public void Parse_SeedBeyondDoubles_IsExact() =>
        Assert.Equal(ulong.MaxValue, SpecFile.Parse(
            SpecTexts.Rbm + "\nseed: 18446744073709551615", "spec.yaml", []).Seed);

    [Fact]
    public void Load_MissingFile_NamesIt()
    {
        var e = Assert.Throws<SpecException>(() => SpecFile.Load("/no/such/spec.yaml", []));

        Assert.Equal("/no/such/spec.yaml: no such file", e.Message);
        Assert.IsAssignableFrom<InputException>(e);
    }

    [Fact]
    public void Load_FileThatIsNoText_IsRefused()
    {
        using var folder = new TemporaryFolder();
        var binary = folder.Write("binary.yaml", [0xff, 0xfe, 0x80, 0x00]);
        var huge = folder.Write("huge.yaml", new byte[SpecFile.LongestFile + 1]);

        Assert.Contains(
            "UTF-8", Assert.Throws<SpecException>(() => SpecFile.Load(binary, [])).Message, StringComparison.Ordinal);
        Assert.Contains(
            "1 MiB", Assert.Throws<SpecException>(() => SpecFile.Load(huge, [])).Message, StringComparison.Ordinal);
        Assert.Contains(
            "cannot read the file", Assert.Throws<SpecException>(() => SpecFile.Load("/", [])).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Load_FileWithByteOrderMark_IsReadWithItsText()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("spec.yaml", [0xef, 0xbb, 0xbf, .. System.Text.Encoding.UTF8.GetBytes(SpecTexts.Rbm)]);

        var loaded = SpecFile.Load(path, ["seed=7"]);

        Assert.Equal((path, SpecTexts.Rbm, 7UL), (loaded.Path, loaded.Text, loaded.Spec.Seed));
    }
}
