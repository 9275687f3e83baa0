using System.Runtime.CompilerServices;
using Ebm.Core.Energies.Assemblies;
using Ebm.Core.Spec;
using Ebm.Core.States;
using static TorchSharp.torch;

namespace Ebm.Core.Tests.Energies.Assemblies;

/// <summary>The energy of an assembly: its arithmetic, its failures and its end.</summary>
public sealed class AssemblyEnergyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Open_TheDocumentedExample_ComputesItsFormula()
    {
        using var scope = NewDisposeScope();
        var energy = AssemblyEnergy.Open(Bowl("""{"hidden": 3, "scale": 0.5}"""), 2);
        using var parameters = EnergyCases.RandomParameters(energy);
        var x = EnergyCases.RandomStates(energy, 7);
        var hidden = nn.functional.linear(x, parameters["weight"], parameters["bias"]);

        EnergyCases.AssertClose(
            x.square().sum(1).mul(2) - log(exp(hidden) + 1).sum(1), energy.Energy(parameters, x), 1e-12);
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(CompiledEnergies.Example)),
            energy.FileSha256);
        Assert.Equal(new StateSpace(2, UnitKind.Real), energy.Space);
    }

    [Fact]
    public void Open_CategoricalUnits_HaveTheCategoriesOfTheSpecOrOfTheText()
    {
        var spec = Bowl("""{"hidden": 3}""") with { Units = UnitKind.Categorical };
        Assert.Equal(5, AssemblyEnergy.Open(spec, 2, categories: 5).Space.Categories);
        Assert.Equal(4, AssemblyEnergy.Open(spec with { Categories = 4 }, 2).Space.Categories);
    }

    [Fact]
    public void Energy_OfCodeThatThrows_NamesClassMethodAndException()
    {
        using var scope = NewDisposeScope();
        var energy = Mine("""throw new OperationCanceledException("not today");""");
        using var parameters = EnergyCases.RandomParameters(energy);
        var error = Assert.Throws<EbmException>(
            () => energy.Energy(parameters, EnergyCases.RandomStates(energy, 3)));
        Assert.Equal("Mine.Energy failed: OperationCanceledException in Mine.Evaluate: not today.", error.Message);
    }

    [Fact]
    public void Energy_OfAnotherShapeForOneRow_IsRefused()
    {
        using var scope = NewDisposeScope();
        var energy = Open(CompiledEnergies.Compile(Handwritten("states.shape[0] == 1 ? zeros(1, 1) : zeros(3)")));
        using var parameters = EnergyCases.RandomParameters(energy, 0.3f, ScalarType.Float32);
        energy.Energy(parameters, zeros(3, 2));
        Assert.Equal(
            "Mine.Energy returned Float32 [1, 1]; expected Float32 [1].",
            Assert.Throws<EbmException>(() => energy.Energy(parameters, zeros(1, 2))).Message);
    }

    /// <summary>A run that has ended leaves nothing of its code in the process.</summary>
    [Fact]
    public void Energy_ThatNobodyUsesAnyMore_IsUnloaded()
    {
        var assembly = Used();
        for (var i = 0; i < 20 && assembly.IsAlive; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.False(assembly.IsAlive);
    }

    [Fact]
    public void Open_Twice_SharesNoStaticFields()
    {
        using var scope = NewDisposeScope();
        var file = CompiledEnergies.Compile(
            "public static class Counter { public static int Calls; }"
            + Handwritten("full(states.shape[0], (float)++Counter.Calls)"));
        foreach (var energy in new[] { Open(file), Open(file) })
        {
            using var parameters = EnergyCases.RandomParameters(energy, 0.3f, ScalarType.Float32);
            Assert.Equal(1, energy.Energy(parameters, zeros(1, 2)).item<float>());
        }
    }

    public void Dispose() => _folder.Dispose();

    [MethodImpl(MethodImplOptions.NoInlining)]
    private WeakReference Used()
    {
        using var scope = NewDisposeScope();
        var path = _folder.Write(
            "a.dll", CompiledEnergies.WithEvaluate("return states.matmul(parameters[\"w\"]);"));
        var energy = EnergyClass.Create(
            AssemblyFile.Read(path), new AssemblyEnergySpec { Path = path, Type = "Mine" },
            new StateSpace(2, UnitKind.Real));
        using var parameters = EnergyCases.RandomParameters(energy);
        energy.ParameterGradient(parameters, EnergyCases.RandomStates(energy, 3), 1);
        return new WeakReference(energy.GetType().Assembly);
    }

    private AssemblyEnergySpec Bowl(string options) => new()
    {
        Path = _folder.Write("bowl.dll", CompiledEnergies.Example),
        Type = CompiledEnergies.ExampleType,
        Options = FreeMapping.Of(System.Text.Json.JsonSerializer.Deserialize<System.Text.Json.JsonElement>(options)),
    };

    private AssemblyEnergy Mine(string body) => Open(CompiledEnergies.WithEvaluate(body));

    private AssemblyEnergy Open(byte[] file) =>
        AssemblyEnergy.Open(new AssemblyEnergySpec { Path = _folder.Write("a.dll", file), Type = "Mine" }, 2);

    /// <summary>A class that implements IEnergy itself, with an expression for the energies.</summary>
    internal static string Handwritten(string energies, string gradient = "zeros_like(states)") => $$"""
        public sealed class Mine(StateSpace space) : IEnergy
        {
            public StateSpace Space => space;
            public ParameterLayout Layout { get; } = new(("w", [2]));
            public Tensor Initialise(RandomKey key, DataSummary data) => ones(2);
            public Tensor Energy(Parameters parameters, Tensor states) => {{energies}};
            public Tensor StateGradient(Parameters parameters, Tensor states) => {{gradient}};
            public (Tensor Energies, Tensor Gradient) EnergyAndGradient(Parameters parameters, Tensor states) =>
                (states.matmul(parameters["w"]), {{gradient}});
            public (Tensor Energies, Tensor Gradient) ParameterGradient(
                Parameters parameters, Tensor states, double weight, double l2 = 0) =>
                (states.matmul(parameters["w"]), states.sum([0L]));
        }
        """;
}
