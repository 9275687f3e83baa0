using System.ComponentModel;
using System.Reflection;
using System.Text.Json.Nodes;
using CsCheck;
using Ebm.Configuration.Reading;
using Ebm.Configuration.Schema;
using Ebm.Core.Spec;

namespace Ebm.Library.Tests.Configuration.Schema;

public sealed class SpecSchemaTests
{
    private static readonly JsonNode Schema = JsonNode.Parse(SpecSchema.Write())!;

    [Fact]
    public void Write_Schema_IsTheOneBesideTheExamples() => Assert.True(
        File.ReadAllText(Path.Combine(Repository.Root, "examples", "spec.schema.json")) == SpecSchema.Write(),
        "The spec's form has changed. Write its schema anew: ./ebm schema > examples/spec.schema.json");

    [Fact]
    public void Write_Schema_AcceptsEveryValidSpec() => SpecGen.Valid.Sample(spec =>
        Assert.Empty(SchemaCheck.Errors(Schema, JsonNode.Parse(SpecJson.Write(spec)))), threads: 1, iter: 50);

    [Theory]
    [InlineData("$.learning.optimizer", "1")]
    [InlineData("$.learning.rounds", "0")]
    [InlineData("$.learning.rounds", "1.5")]
    [InlineData("$.learning.rounds", "\"many\"")]
    [InlineData("$.learning.epochs", "0")]
    [InlineData("$.energy.kind", "\"mlp\"")]
    [InlineData("$.energy.hidden", "65537")]
    [InlineData("$.data.range", "[0]")]
    [InlineData("$.data.binarise", "\"Sample\"")]
    [InlineData("$.data.path", "\"\"")]
    [InlineData("$.name", "\"../up\"")]
    [InlineData("$.negatives", "null")]
    [InlineData("$.learning.optimiser", "{\"kind\": \"adam\", \"momentum\": 0.5}")]
    public void Write_Schema_RefusesTheMistakesThatTheReaderRefuses(string path, string value)
    {
        var spec = JsonNode.Parse(SpecJson.Write(SpecFile.Parse(SpecTexts.Rbm, "spec.yaml", [])))!;
        Assert.Empty(SchemaCheck.Errors(Schema, spec));

        var names = path.Split('.')[1..];
        names[..^1].Aggregate(spec, (node, name) => node[name]!)[names[^1]] = JsonNode.Parse(value);

        Assert.NotEmpty(SchemaCheck.Errors(Schema, spec));
        Assert.NotEmpty(SpecTexts.Problems(spec.ToJsonString()));
    }

    [Fact]
    public void Write_EveryProperty_HasADescription()
    {
        var described = new List<(string Name, string? Description)>();
        void Walk(JsonNode? node)
        {
            switch (node)
            {
                case JsonObject o:
                    described.AddRange(o["properties"]?.AsObject().Where(p => p.Key != "kind")
                        .Select(p => (p.Key, (string?)p.Value!["description"])) ?? []);
                    o.Where(p => p.Key != "default").ToList().ForEach(p => Walk(p.Value));
                    break;
                case JsonArray a:
                    a.ToList().ForEach(Walk);
                    break;
            }
        }

        Walk(Schema);

        Assert.All(described, p => Assert.False(string.IsNullOrWhiteSpace(p.Description), p.Name));
        var records = typeof(RunSpec).Assembly.GetTypes()
            .Where(t => t.Namespace == typeof(RunSpec).Namespace && t.IsClass && !t.IsAbstract
                && t.GetProperties().Any(p => p.IsDefined(typeof(DescriptionAttribute))));
        Assert.Equal(
            records.Sum(r => r.GetProperties(BindingFlags.Public | BindingFlags.Instance).Length), described.Count);
    }

    /// <summary>Numbers without bounds would let in what no part of the program was made for.</summary>
    [Fact]
    public void Fields_EveryNumberButTheSeed_HasBounds() => Assert.All(
        typeof(RunSpec).Assembly.GetTypes()
            .Where(t => t.Namespace == typeof(RunSpec).Namespace && t.Name.EndsWith("Spec", StringComparison.Ordinal)
                && !t.IsAbstract && t != typeof(LoadedSpec))
            .SelectMany(SpecShape.Fields)
            .Where(f => (f.Type.IsArray ? f.Type.GetElementType() : f.Type) is { IsPrimitive: true } type
                && type != typeof(bool) && f.Name != "seed"),
        f => Assert.True(f.Bounds is not null, f.Name));
}
