using Ebm.Core.Energies.Assemblies;
using Ebm.Core.Native;
using Ebm.Core.Spec;
using static TorchSharp.torch;

namespace Ebm.Core.Tests.Energies.Assemblies;

/// <summary>Code that is no energy, and the error about it.</summary>
public sealed class AssemblyCheckTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    static AssemblyCheckTests() => TorchLibrary.EnsureLoaded();

    /// <summary>A body of Evaluate, and the error.</summary>
    public static TheoryData<string, string> Wrong => new()
    {
        { "return states.matmul(parameters[\"w\"]).sum();", "Mine.Evaluate returned Float32 [] for 5 rows" },
        { "return states;", "Mine.Evaluate returned Float32 [5, 2] for 5 rows" },
        { "return states.matmul(parameters[\"w\"]).to_type(ScalarType.Float64);", "returned Float64 [5]" },
        { "return null!;", "Mine.Energy failed: NullReferenceException" },
        { "return states.matmul(parameters[\"v\"]);", "Mine.Energy failed: ArgumentException" },
        { "return states.view(3, 3);", "Mine.Evaluate failed: shape '[3, 3]' is invalid" },
        { "throw new ArgumentException(\"not today\");",
            "Mine.Energy failed: ArgumentException in Mine.Evaluate: not today." },
        { "return states.detach().matmul(parameters[\"w\"]);", "sampler langevin follows dE/dx, and there is none" },
        { "return states.round().matmul(parameters[\"w\"]);", "follows dE/dx, which is 0 for each of 5 rows" },
        { "return states.mul(states).sum(1).detach();", "have no gradient in its parameters" },
        { "return states.mul(states).sum(1) + parameters[\"w\"].sum() * 0;", "do not depend on its parameters (w)" },
        { "return states.matmul(parameters[\"w\"]) * rand(1);", "gives other energies when it is called again" },
        { "return states.matmul(parameters[\"w\"]) * Calls;", "gives other energies when it is called again" },
        { "states.add_(1); return states.matmul(parameters[\"w\"]);", "change the rows" },
        { "states.clamp_(0, 0.5); return states.matmul(parameters[\"w\"]);", "Mine changes the states" },
        { "parameters[\"w\"].clamp_(0, 0.01); return states.matmul(parameters[\"w\"]);",
            "Mine changes its parameters" },
        { "return (states - states.mean([0])).matmul(parameters[\"w\"]);", "depends on the other rows beside it" },
        { "return (states - 1).log().matmul(parameters[\"w\"]);", "Mine's energy of training row 1 is NaN" },
        { "return (parameters[\"w\"] * 0).sqrt().sum() + states.sum(1);", "the gradient of the energies in w is NaN" },
        { "return states.matmul(parameters[\"w\"]) + (states * 0).sqrt().sum(1);",
            "dE/dx of training row 1 is not finite" },
    };

    [Theory, MemberData(nameof(Wrong))]
    public void Check_CodeThatIsNoEnergy_ReportsTheReason(string body, string expected) =>
        AssertProblem(CompiledEnergies.WithEvaluate(body), expected);

    [Fact]
    public void Check_EnergiesThatDifferWithTheGradient_ReportsBoth() => AssertProblem(
        CompiledEnergies.Compile(AssemblyEnergyTests.Handwritten(
            "states.matmul(parameters[\"w\"]) * 2", "ones_like(states)")),
        "Mine's Energy and EnergyAndGradient differ: ");

    [Fact]
    public void Check_InitialParametersThatAreNotFinite_AreNamed() => AssertProblem(
        CompiledEnergies.Compile("""
            public sealed class Mine(StateSpace space) : AutogradEnergy(
                space, InitialParameter.Constant("w", double.NaN, space.Features))
            {
                protected override Tensor Evaluate(Parameters parameters, Tensor states) =>
                    states.matmul(parameters["w"]);
            }
            """),
        "Mine's initial w is NaN; expected finite numbers.");

    [Fact]
    public void Check_SamplerThatFollowsNoGradient_TakesAnEnergyWithoutOne() => Check(
        CompiledEnergies.WithEvaluate("return states.round().matmul(parameters[\"w\"]);"), follower: null);

    [Fact]
    public void Check_TheDocumentedExample_Passes() => AssemblyCheck.Check(
        new AssemblyEnergySpec
        {
            Path = _folder.Write("a.dll", CompiledEnergies.Example),
            Type = CompiledEnergies.ExampleType,
            Options = FreeMapping.Of(System.Text.Json.JsonSerializer.SerializeToElement(new { hidden = 4 })),
        },
        Rows(), null, 0, "langevin");

    public void Dispose() => _folder.Dispose();

    private static Tensor Rows() => linspace(0, 1, 10).add(0.0625).view(5, 2);

    private void AssertProblem(byte[] file, string expected)
    {
        var error = Assert.ThrowsAny<InputException>(() => Check(file));
        Assert.StartsWith($"energy.path: {_folder.Path}/a.dll: ", error.Message, StringComparison.Ordinal);
        Assert.True(error.Message.Contains(expected, StringComparison.Ordinal), error.Message);
        Assert.DoesNotContain('\n', error.Message);
    }

    private void Check(byte[] file, string? follower = "langevin")
    {
        using var scope = NewDisposeScope();
        AssemblyCheck.Check(
            new AssemblyEnergySpec { Path = _folder.Write("a.dll", file), Type = "Mine" }, Rows(), null, 0, follower);
    }
}
