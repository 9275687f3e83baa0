using System.Text.Json.Nodes;
using Ebm.Core.Spec;

namespace Ebm.Core.Tests.Spec;

public sealed class ExampleTests
{
    public static TheoryData<string> Names => [.. Repository.Examples.Select(path => Path.GetFileNameWithoutExtension(path)!)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Load_Example_IsValidAndItsFilesAreThere(string name)
    {
        var path = Path.Combine(Repository.Root, "examples", name + ".yaml");
        var loaded = SpecFile.Load(path, []);

        Assert.Equal(name, loaded.Spec.Name);
        Assert.StartsWith("# yaml-language-server: $schema=spec.schema.json\n# ", loaded.Text, StringComparison.Ordinal);
        Assert.Empty(SchemaCheck.Errors(JsonNode.Parse(SpecSchema.Write())!, JsonNode.Parse(SpecJson.Write(loaded.Spec))));
        if (loaded.Spec.Data is IdxDataSpec data)
        {
            Assert.All([data.Path, data.Labels, data.TestPath, data.TestLabels], file => Assert.True(File.Exists(file), file));
        }

        Assert.InRange(RunPlan.For(loaded.Spec, 60_000).Rounds, 1, 100_000);
    }
}
