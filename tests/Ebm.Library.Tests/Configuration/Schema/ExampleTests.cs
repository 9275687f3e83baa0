using System.Text.Json.Nodes;
using Ebm.Configuration.Reading;
using Ebm.Configuration.Schema;
using Ebm.Core.Plans;
using Ebm.Core.Spec;

namespace Ebm.Library.Tests.Configuration.Schema;

public sealed class ExampleTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "examples");

    public static TheoryData<string> Names =>
        [.. Repository.Examples.Select(path => Path.GetRelativePath(Folder, path))];

    [Theory]
    [MemberData(nameof(Names))]
    public void Load_Example_IsValidAndItsFilesAreThere(string name)
    {
        var path = Path.Combine(Folder, name);
        var schema = Path.GetRelativePath(Path.GetDirectoryName(path)!, Path.Combine(Folder, "spec.schema.json"));
        var loaded = SpecFile.Load(path, []);

        Assert.Equal(Path.GetFileNameWithoutExtension(name), loaded.Spec.Name);
        Assert.StartsWith($"# yaml-language-server: $schema={schema}\n# ", loaded.Text, StringComparison.Ordinal);
        Assert.Empty(SchemaCheck.Errors(
            JsonNode.Parse(SpecSchema.Write())!, JsonNode.Parse(SpecJson.Write(loaded.Spec))));
        if (loaded.Spec.Data is IdxDataSpec data)
        {
            Assert.All(
                [data.Path, data.Labels, data.TestPath, data.TestLabels], file => Assert.True(File.Exists(file), file));
        }

        if (loaded.Spec.Energy is TorchScriptSpec { Path: var module })
        {
            Assert.True(File.Exists(module), module);
        }

        Assert.InRange(RunPlan.For(loaded.Spec, 60_000).Rounds, 1, 100_000);
    }
}
