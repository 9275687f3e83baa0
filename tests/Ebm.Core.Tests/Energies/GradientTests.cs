using Ebm.Core.Energies;
using Ebm.Core.Energies.Bases;
using Ebm.Core.Energies.Boltzmann;
using Ebm.Core.Energies.Networks;
using Ebm.Core.Energies.Pairwise;
using Ebm.Core.Energies.TorchScript;
using Ebm.Core.Randomness;
using Ebm.Core.States;
using static TorchSharp.torch;

namespace Ebm.Core.Tests.Energies;

/// <summary>
/// Each energy's two gradients against finite differences in float64, and against autograd in float32.
/// </summary>
public sealed class GradientTests
{
    public static TheoryData<string> All => EnergyCases.All;

    public static TheoryData<string> Numbers =>
        [.. EnergyCases.All.Select(c => c.Data).Where(name => !name.StartsWith("potts"))];

    [Theory, MemberData(nameof(Numbers))]
    public void StateGradient_OfEachEnergy_EqualsCentralDifferences(string name)
    {
        const double Step = 1e-5;
        using var scope = NewDisposeScope();
        var energy = EnergyCases.Create(name);
        using var parameters = EnergyCases.RandomParameters(energy);
        var x = EnergyCases.RandomStates(energy, 1);
        var encoded = EnergyCases.Encoded(energy, x);
        var moves = eye(encoded.shape[1], dtype: ScalarType.Float64).mul(Step);

        var expected = (EnergyCases.EnergyOfEncoded(energy, parameters, encoded + moves)
            - EnergyCases.EnergyOfEncoded(energy, parameters, encoded - moves)) / (2 * Step);

        EnergyCases.AssertClose(expected, energy.StateGradient(parameters, x), 1e-8);
    }

    [Theory, MemberData(nameof(All))]
    public void EnergyAndGradient_OfEachEnergy_AreThoseOfTheirOwn(string name)
    {
        using var scope = NewDisposeScope();
        var energy = EnergyCases.Create(name);
        using var parameters = EnergyCases.RandomParameters(energy, 0.1f, ScalarType.Float32);
        var x = EnergyCases.RandomStates(energy, 64, ScalarType.Float32);

        var (energies, gradient) = energy.EnergyAndGradient(parameters, x);

        Assert.True(energies.Equals(energy.Energy(parameters, x)));
        Assert.True(gradient.Equals(energy.StateGradient(parameters, x)));
    }

    [Theory, MemberData(nameof(All))]
    public void ParameterGradient_OfEachEnergy_EqualsCentralDifferences(string name)
    {
        const double Step = 1e-6, Weight = 0.7, Penalty = 0.3;
        using var scope = NewDisposeScope();
        var energy = EnergyCases.Create(name);
        using var parameters = EnergyCases.RandomParameters(energy);
        var x = EnergyCases.RandomStates(energy, 5);
        var (energies, gradient) = energy.ParameterGradient(parameters, x, Weight, Penalty);
        EnergyCases.AssertClose(energy.Energy(parameters, x), energies, 1e-12);

        // Random directions, and each named tensor by itself so that a missing one cannot hide among many.
        for (var i = 0; i < 4 + energy.Layout.Entries.Count; i++)
        {
            var direction = zeros(1, energy.Layout.Length);
            NoiseFactory.On(CPU).AddNormal(direction, 1, new NoiseSite(new RandomKey(21), (uint)i));
            direction = direction.to_type(ScalarType.Float64).view(-1);
            if (i >= 4)
            {
                var entry = energy.Layout.Entries[i - 4];
                var mask = zeros_like(direction);
                mask.narrow(0, entry.Offset, entry.Length).fill_(1);
                direction.mul_(mask);
            }

            direction.div_(direction.norm());
            var expected = (Loss(direction * Step) - Loss(direction * -Step)) / (2 * Step);

            EnergyCases.AssertClose(tensor(expected), gradient.dot(direction), 1e-6);
        }

        double Loss(Tensor move)
        {
            using var moved = new Parameters(energy.Layout, parameters.Flat + move);
            var e = energy.Energy(moved, x);
            var penalised = energy is EnergyOverBase based ? based.Network.Energy(moved, x) : e;
            return (e * Weight + penalised.square() * Penalty).sum().item<double>();
        }
    }

    /// <summary>
    /// These energies are linear in each unit's one-hot vector, so a change's first-order gain is the whole of it.
    /// </summary>
    [Theory]
    [InlineData("potts-free")]
    [InlineData("potts-torus")]
    [InlineData("potts-full")]
    public void StateGradient_OfCategories_IsTheEnergyOfEachChange(string name)
    {
        using var scope = NewDisposeScope();
        var energy = EnergyCases.Create(name);
        using var parameters = EnergyCases.RandomParameters(energy);
        var x = EnergyCases.RandomStates(energy, 4);
        var gradient = energy.StateGradient(parameters, x).view(4, energy.Space.Features, energy.Space.Categories);
        for (var unit = 0; unit < energy.Space.Features; unit++)
        {
            for (var category = 0; category < energy.Space.Categories; category++)
            {
                var changed = x.clone();
                changed[TensorIndex.Colon, unit] = category;
                var own = gradient.select(1, unit).gather(1, x.narrow(1, unit, 1).to_type(ScalarType.Int64)).squeeze(1);

                var expected = energy.Energy(parameters, changed) - energy.Energy(parameters, x);

                EnergyCases.AssertClose(expected, gradient.select(1, unit).select(1, category) - own, 1e-12);
            }
        }
    }

    [Theory, MemberData(nameof(Numbers))]
    public void StateGradient_InFloat32_EqualsAutograd(string name)
    {
        using var scope = NewDisposeScope();
        var energy = EnergyCases.Create(name);
        using var parameters = EnergyCases.RandomParameters(energy, 0.1f, ScalarType.Float32);
        var x = EnergyCases.RandomStates(energy, 64, ScalarType.Float32);
        var encoded = EnergyCases.Encoded(energy, x).requires_grad_(true);

        var expected = autograd.grad([Reference(energy, parameters, encoded).sum()], [encoded])[0];

        EnergyCases.AssertClose(expected, energy.StateGradient(parameters, x), 1e-5);
    }

    [Theory, MemberData(nameof(All))]
    public void ParameterGradient_WithoutPenalty_IsTheWeightedSumOfRows(string name)
    {
        using var scope = NewDisposeScope();
        var energy = EnergyCases.Create(name);
        using var parameters = EnergyCases.RandomParameters(energy);
        var x = EnergyCases.RandomStates(energy, 3);

        var sum = zeros(energy.Layout.Length, ScalarType.Float64);
        foreach (var row in x.split(1))
        {
            sum.add_(energy.ParameterGradient(parameters, row, -0.25).Gradient);
        }

        EnergyCases.AssertClose(sum, energy.ParameterGradient(parameters, x, -0.25).Gradient, 1e-10);
    }

    /// <summary>The energies again, written for autograd.</summary>
    private static Tensor Reference(IEnergy energy, Parameters p, Tensor x) => energy switch
    {
        RbmEnergy => -x.mv(p[1]) - nn.functional.softplus(x.mm(p[0]) + p[2]).sum(1),
        GaussianRbmEnergy => ((x - p[1]).square().sum(1) / (2 * 0.49))
            - nn.functional.softplus((x.mm(p[0]) / 0.49) + p[2]).sum(1),
        PairwiseEnergy pairs => Reference(pairs, p, 2 * x - 1),
        ScriptEnergy => ScriptReference(p, x),
        HandwrittenMlp => EnergyCases.Output(((LayeredEnergy)EnergyCases.Create("mlp-Silu")).Stages, p, 0, x),
        EnergyOverBase based => Reference(based.Network, p, x)
            - x.mv(based.Base.StateGradient(x[..1].detach()).squeeze(0)),
        LayeredEnergy when energy.Space.Units == UnitKind.Categorical => EnergyCases.EnergyOfEncoded(energy, p, x),
        LayeredEnergy layered => EnergyCases.Output(layered.Stages, p, 0, x),
        _ => throw new ArgumentException(energy.GetType().Name),
    };

    /// <summary>Pair by pair.</summary>
    private static Tensor Reference(PairwiseEnergy energy, Parameters p, Tensor s)
    {
        var sum = -s.mv(p["field"]);
        if (energy.Space.Image is null)
        {
            return sum - (s.mm(energy.CouplingMatrix(p).triu(1)) * s).sum(1);
        }

        var (height, width) = (energy.Space.Image!.Value.Height, energy.Space.Image!.Value.Width);
        var lattice = s.view(-1, height, width);
        foreach (var (name, dimension) in new[] { ("couplings.right", 2), ("couplings.down", 1) })
        {
            var couplings = p[name];
            for (var i = 0; i < couplings.shape[0]; i++)
            {
                for (var j = 0; j < couplings.shape[1]; j++)
                {
                    var next = dimension == 2 ? lattice[.., i, (j + 1) % width] : lattice[.., (i + 1) % height, j];
                    sum = sum - (couplings[i, j] * lattice[.., i, j] * next);
                }
            }
        }

        return sum;
    }

    /// <summary>The network of base.pt.</summary>
    private static Tensor ScriptReference(Parameters p, Tensor x)
    {
        var y = (x - tensor(new[] { 0.5f, -0.25f })).mm(p["first.weight"].t()) + p["first.bias"];
        var h = (nn.functional.silu(y) * y.sigmoid()) + y.tanh();
        return h.mv(p["out"]) + h.tanh().mv(p["out"]) + x.square().sum(1);
    }
}
