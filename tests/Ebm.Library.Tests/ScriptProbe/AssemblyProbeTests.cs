using System.Runtime.InteropServices;
using System.Text.Json;
using Ebm.Core.Spec;
using Ebm.Core.States;
using Ebm.Core.Tests.Energies.Assemblies;
using Ebm.ScriptProbe;

namespace Ebm.Library.Tests.ScriptProbe;

/// <summary>The process that checks assemblies: code that ends it does not end this one.</summary>
public sealed class AssemblyProbeTests : IDisposable
{
    private static readonly byte[] Rows = MemoryMarshal.AsBytes<float>([0.1f, 0.2f, 0.3f, 0.4f, 0.5f, 0.6f]).ToArray();

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Ask_TheDocumentedExample_HasNoProblem() => Assert.Null(Ask(
        CompiledEnergies.Example, CompiledEnergies.ExampleType,
        FreeMapping.Of(JsonSerializer.SerializeToElement(new { hidden = 4 }))));

    [Theory]
    [InlineData("return states.round().matmul(parameters[\"w\"]);", "sampler langevin follows dE/dx")]
    [InlineData("Environment.FailFast(\"stop\"); return states;", "Mine ends the process that computes it")]
    [InlineData("while (true) { }", "Mine did not return within 3 s")]
    [InlineData("Console.WriteLine(\"hello\"); return states.matmul(parameters[\"w\"]);",
        "Mine prints when it is called ('hello')")]
    public void Ask_CodeThatIsNoEnergy_ReportsTheProblem(string body, string expected) =>
        Assert.Contains(expected, Ask(CompiledEnergies.WithEvaluate(body), "Mine", null), StringComparison.Ordinal);

    [Fact]
    public void Question_AsText_ComesBackTheSame()
    {
        var question = new ScriptQuestion(
            new AssemblyEnergySpec
            {
                Path = "/a b\"ü.dll",
                Type = "Mine",
                Options = FreeMapping.Of(JsonSerializer.SerializeToElement(new { a = "ü" })),
                Units = UnitKind.Categorical,
                Categories = 3,
            },
            12, null, 4, "gwg");
        Assert.Equal(question, JsonSerializer.Deserialize<ScriptQuestion>(JsonSerializer.Serialize(question)));
    }

    public void Dispose() => _folder.Dispose();

    private string? Ask(byte[] file, string type, FreeMapping? options) => ModuleProbe.Ask(
        new ScriptQuestion(
            new AssemblyEnergySpec { Path = _folder.Write("a.dll", file), Type = type, Options = options },
            2, null, 0, "langevin"),
        Rows, TimeSpan.FromSeconds(file == CompiledEnergies.Example ? 60 : 3));
}
