using System.Text.Json;
using Ebm.Configuration.Reading;
using Ebm.Core.Spec;

namespace Ebm.Library.Tests.Configuration.Reading;

/// <summary>Mappings whose keys the spec does not define.</summary>
public sealed class SpecFreeMappingTests
{
    private static readonly string Text = SpecTexts.Mlp.Replace(
        "{kind: mlp, hidden: [8, 8]}", "{kind: assembly, path: a.dll, type: My.Ring, options: OPTIONS}",
        StringComparison.Ordinal);

    [Theory]
    [InlineData("{}", "{}")]
    [InlineData("{b: 1, a: 2}", """{"a":2,"b":1}""")]
    [InlineData("{a: {z: 1, y: [1, {d: 1, c: 2}]}}", """{"a":{"y":[1,{"c":2,"d":1}],"z":1}}""")]
    [InlineData("{a: 1.0, b: 1e3, c: -0.5, d: +3, e: 18446744073709551615, f: 007}",
        """{"a":1,"b":1000,"c":-0.5,"d":3,"e":18446744073709551615,"f":7}""")]
    [InlineData("{a: true, b: False, c: null, d: ~, e: }", """{"a":true,"b":false,"c":null,"d":null,"e":null}""")]
    [InlineData("{a: yes, b: \"true\", c: '1', d: 0x1F, e: .inf}",
        """{"a":"yes","b":"true","c":"1","d":"0x1F","e":".inf"}""")]
    public void Parse_Yaml_GivesCanonicalJson(string yaml, string json) =>
        Assert.Equal(json, Options(yaml)!.Value.Json);

    [Theory]
    [InlineData("{b: 1, a: 2}", "{a: 2, b: 1}", true)]
    [InlineData("{a: 1.0}", "{a: 1}", true)]
    [InlineData("{a: \"1\"}", "{a: 1}", false)]
    [InlineData("{a: [1, 2]}", "{a: [2, 1]}", false)]
    public void Digest_OfOptions_DependsOnTheirContentAlone(string first, string second, bool same) => Assert.Equal(
        same, SpecJson.Digest(Parse(first)) == SpecJson.Digest(Parse(second)));

    [Fact]
    public void Read_JsonInAnotherOrder_GivesTheCanonicalMapping()
    {
        var json = SpecJson.Write(Parse("{a: 2, b: 1}"));
        Assert.Contains("""{"a":2,"b":1}""", json, StringComparison.Ordinal);
        var other = json.Replace("""{"a":2,"b":1}""", """{ "b": 1.0, "a": 2 }""", StringComparison.Ordinal);
        Assert.Equal(json, SpecJson.Write(SpecJson.Read(other)));
        Assert.ThrowsAny<JsonException>(
            () => SpecJson.Read(json.Replace("""{"a":2,"b":1}""", "[1]", StringComparison.Ordinal)));
    }

    [Fact]
    public void Parse_Overrides_ReplaceOneKeyOrRemoveIt()
    {
        Assert.Equal("""{"a":1,"b":{"c":3}}""", Options("{a: 1, b: {c: 2}}", "energy.options.b.c=3")!.Value.Json);
        Assert.Equal("""{"a":1}""", Options("{a: 1, b: 2}", "energy.options.b=null")!.Value.Json);
        Assert.Null(Options("{a: 1}", "energy.options=null"));
    }

    [Theory]
    [InlineData("[1, 2]", "energy.options", "expected a mapping such as {width: 64}; found a list")]
    [InlineData("wide", "energy.options", "expected a mapping such as {width: 64}; found 'wide'")]
    [InlineData("{a: {b: [1, 1e999]}}", "energy.options.a.b[1]", "'1e999' is beyond the range of a double")]
    public void Parse_OptionsThatAreNoMapping_NamesThePlace(string yaml, string path, string message)
    {
        var problem = Assert.Single(SpecTexts.Problems(Text.Replace("OPTIONS", yaml, StringComparison.Ordinal)));
        Assert.Equal((path, message), (problem.Path, problem.Message));
        Assert.Equal(3, problem.Line);
    }

    /// <summary>An alias costs nothing in the tree; written out, this text would have 10^12 values.</summary>
    [Fact]
    public void Parse_AliasesThatExpand_AreRefused()
    {
        var levels = string.Join(", ", Enumerable.Range(0, 12).Select(i =>
            $"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat(i == 0 ? "1" : $"*a{i - 1}", 10))}]"));
        Assert.Contains("too many values", SpecTexts.Problems(
            Text.Replace("OPTIONS", $"{{{levels}}}", StringComparison.Ordinal))[0].Message, StringComparison.Ordinal);
    }

    private static RunSpec Parse(string yaml, params string[] overrides) =>
        SpecFile.Parse(Text.Replace("OPTIONS", yaml, StringComparison.Ordinal), "spec.yaml", overrides);

    private static FreeMapping? Options(string yaml, params string[] overrides) =>
        ((AssemblyEnergySpec)Parse(yaml, overrides).Energy).Options;
}
