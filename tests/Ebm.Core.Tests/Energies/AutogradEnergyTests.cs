using Ebm.Core.Datasets;
using Ebm.Core.Energies;
using Ebm.Core.Randomness;
using Ebm.Core.States;
using static TorchSharp.torch;

namespace Ebm.Core.Tests.Energies;

/// <summary>An energy of which only the formula is written. EnergyCases has it among the others, too.</summary>
public sealed class AutogradEnergyTests
{
    [Fact]
    public void AutogradEnergy_OfTheSameNetwork_HasTheBitsOfMlpEnergy()
    {
        using var scope = NewDisposeScope();
        var (own, built) = (EnergyCases.Create("autograd"), EnergyCases.Create("mlp-Silu"));
        using var parameters = EnergyCases.RandomParameters(built, 0.1f, ScalarType.Float32);
        var x = EnergyCases.RandomStates(built, 64, ScalarType.Float32);
        var data = new DataSummary(new float[6]);

        Assert.True(built.Initialise(new RandomKey(3), data).Equals(own.Initialise(new RandomKey(3), data)));
        Assert.True(built.Energy(parameters, x).Equals(own.Energy(parameters, x)));
        EnergyCases.AssertClose(built.StateGradient(parameters, x), own.StateGradient(parameters, x), 1e-6);
        EnergyCases.AssertClose(
            built.ParameterGradient(parameters, x, 0.7, 0.1).Gradient,
            own.ParameterGradient(parameters, x, 0.7, 0.1).Gradient, 1e-6);
    }

    [Fact]
    public void Gradients_InsideNoGrad_AreTheSame()
    {
        using var scope = NewDisposeScope();
        var energy = EnergyCases.Create("autograd");
        using var parameters = EnergyCases.RandomParameters(energy);
        var x = EnergyCases.RandomStates(energy, 4);
        var (outside, own) = (energy.StateGradient(parameters, x), energy.ParameterGradient(parameters, x, 1).Gradient);

        using var graphless = no_grad();

        Assert.True(outside.Equals(energy.StateGradient(parameters, x)));
        Assert.True(own.Equals(energy.ParameterGradient(parameters, x, 1).Gradient));
        Assert.False(x.requires_grad);
        Assert.False(parameters[0].requires_grad);
    }

    [Fact]
    public void Results_OfAnEnergyThatReturnsAView_AreTensorsOfTheirOwn()
    {
        using var scope = NewDisposeScope();
        var energy = new OwnEnergy(new StateSpace(2, UnitKind.Real), (_, x) => x.select(1, 0));
        using var parameters = new Parameters(energy.Layout, empty(0));
        var x = ones(3, 2);

        energy.Energy(parameters, x).zero_();

        Assert.Equal(6, x.sum().item<float>());
        Assert.Equal([1, 0, 1, 0, 1, 0], EnergyCases.Values(energy.StateGradient(parameters, x)));
        Assert.Equal(0, energy.ParameterGradient(parameters, x, 1).Gradient.numel());
    }

    [Fact]
    public void StateGradient_OfCategoricalUnits_IsInTheirOneHotEncoding()
    {
        using var scope = NewDisposeScope();
        var energy = new OwnEnergy(
            new StateSpace(2, UnitKind.Categorical, Categories: 3), (p, x) => x.mul(p["field"]).sum([1L, 2L]),
            InitialParameter.Normal("field", 1, 2, 3));
        using var parameters = new Parameters(energy.Layout, energy.Initialise(new RandomKey(1), new DataSummary([])));
        var field = EnergyCases.Values(parameters[0]);
        var x = tensor(new float[,] { { 2, 0 }, { 1, 1 } });

        Assert.Equal(
            [field[2] + field[3], field[1] + field[4]], EnergyCases.Values(energy.Energy(parameters, x)),
            (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.Equal([.. field, .. field], EnergyCases.Values(energy.StateGradient(parameters, x)));
        Assert.Equal([0, 1, 1, 1, 1, 0], EnergyCases.Values(energy.ParameterGradient(parameters, x, 1).Gradient));
    }

    [Fact]
    public void Initialise_OfEachDistribution_HasItsMoments()
    {
        // 20,000 draws: means and deviations within 5 standard errors, so a false alarm in a million.
        using var scope = NewDisposeScope();
        var energy = new OwnEnergy(
            new StateSpace(1, UnitKind.Real), (_, x) => x.sum(1), InitialParameter.Constant("constant", 0.25, 3),
            InitialParameter.Uniform("uniform", 2, 20_000), InitialParameter.Normal("normal", 3, 100, 200));
        using var parameters = new Parameters(energy.Layout, energy.Initialise(new RandomKey(5), new DataSummary([])));

        Assert.Equal([0.25, 0.25, 0.25], EnergyCases.Values(parameters["constant"]));
        Assert.InRange(parameters["uniform"].max().item<float>(), 1.99f, 2);
        Assert.InRange(parameters["uniform"].mean().item<float>(), -0.041f, 0.041f);
        Assert.InRange(parameters["normal"].std().item<float>(), 2.92f, 3.08f);
    }

    [Theory]
    [InlineData("shape", "returned Float32 [3, 2] for 3 rows; expected Float32 [3]")]
    [InlineData("type", "returned Float64 [3] for 3 rows; expected Float32 [3]")]
    [InlineData("detached", "cannot be differentiated in the states")]
    [InlineData("fails", "OwnEnergy.Evaluate failed: ")]
    public void StateGradient_OfAFormulaThatIsNone_SaysWhatIsWrong(string fault, string message)
    {
        using var scope = NewDisposeScope();
        var energy = new OwnEnergy(new StateSpace(2, UnitKind.Real), (_, x) => fault switch
        {
            "shape" => x.clone(),
            "type" => x.sum(1, type: ScalarType.Float64),
            "detached" => x.detach().sum(1),
            _ => x.mm(x),
        });
        using var parameters = new Parameters(energy.Layout, empty(0));

        var error = Assert.Throws<EbmException>(() => energy.StateGradient(parameters, ones(3, 2)));

        Assert.Contains(message, error.Message);
    }

    private sealed class OwnEnergy(
        StateSpace space, Func<Parameters, Tensor, Tensor> formula, params IReadOnlyList<InitialParameter> initial)
        : AutogradEnergy(space, initial)
    {
        protected override Tensor Evaluate(Parameters parameters, Tensor states) => formula(parameters, states);
    }
}
