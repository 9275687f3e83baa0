using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Ebm.Core.Tests.Energies.Assemblies;

/// <summary>Assemblies with energies, compiled in the test.</summary>
internal static class CompiledEnergies
{
    /// <summary>The class of <see cref="Example"/>.</summary>
    public const string ExampleType = "My.Models.Bowl";

    private const string Usings = """
        global using System;
        global using System.Linq;
        global using Ebm.Core.Datasets;
        global using Ebm.Core.Energies;
        global using Ebm.Core.Native;
        global using Ebm.Core.Randomness;
        global using Ebm.Core.States;
        global using static TorchSharp.torch;
        global using Scalar = TorchSharp.Scalar;
        """;

    private static readonly MetadataReference[] Platform =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(':')
            .Select(file => MetadataReference.CreateFromFile(file))];

    /// <summary>The assembly of the example in docs/samplers-and-energies.md.</summary>
    public static byte[] Example { get; } = Compile(
        "My.Models", [CSharpSyntaxTree.ParseText("global using System;"), CSharpSyntaxTree.ParseText(Documented())],
        Platform);

    /// <summary>
    /// The class <c>Mine(StateSpace)</c> with one weight <c>w</c> for each unit, and the given body of Evaluate.
    /// </summary>
    public static byte[] WithEvaluate(string body) => Compile($$"""
        public sealed class Mine(StateSpace space) : AutogradEnergy(
            space, InitialParameter.Normal("w", 0.5, space.Features))
        {
            private int _calls;
            protected int Calls => _calls++;
            protected override Tensor Evaluate(Parameters parameters, Tensor states) { {{body}} }
        }
        """);

    /// <summary>Compiles C#.</summary>
    /// <param name="source">The text.</param>
    /// <param name="name">Name of the assembly.</param>
    public static byte[] Compile(string source, string name = "Mine") => Compile(
        name, [CSharpSyntaxTree.ParseText(Usings), CSharpSyntaxTree.ParseText(source)], Platform);

    /// <summary>A class Mine with a base class in another assembly.</summary>
    /// <param name="name">Name of the other assembly, which may be one of the platform.</param>
    /// <param name="version">Its version.</param>
    public static byte[] WithReference(string name, string version)
    {
        var other = Compile(
            name, [CSharpSyntaxTree.ParseText(
                $"[assembly: System.Reflection.AssemblyVersion(\"{version}\")] public class Other {{ }}")], Platform);
        return Compile("Mine", [CSharpSyntaxTree.ParseText("public class Mine : Other { }")],
            [MetadataReference.CreateFromImage(other),
                .. Platform.Where(p => Path.GetFileNameWithoutExtension(p.Display) != name)]);
    }

    private static byte[] Compile(string name, SyntaxTree[] trees, MetadataReference[] references)
    {
        var compilation = CSharpCompilation.Create(
            name, trees, references,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, deterministic: true));
        using var assembly = new MemoryStream();
        var result = compilation.Emit(assembly);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics));
        return assembly.ToArray();
    }

    private static string Documented()
    {
        var page = File.ReadAllText(Repository.PathOf("docs/samplers-and-energies.md"));
        const string Begin = "```csharp\n";
        var start = page.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        return page[start..page.IndexOf("```", start, StringComparison.Ordinal)];
    }
}
