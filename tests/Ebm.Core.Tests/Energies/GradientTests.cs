using Ebm.Core.Energies;
using Ebm.Core.Energies.Layers;
using Ebm.Core.Randomness;
using static TorchSharp.torch;

namespace Ebm.Core.Tests.Energies;

/// <summary>Each energy's two gradients against finite differences in float64, and against autograd in float32.</summary>
public sealed class GradientTests
{
    public static TheoryData<string> All => EnergyCases.All;

    [Theory, MemberData(nameof(All))]
    public void StateGradient_OfEachEnergy_EqualsCentralDifferences(string name)
    {
        const double Step = 1e-5;
        using var scope = NewDisposeScope();
        var energy = EnergyCases.Create(name);
        using var parameters = EnergyCases.RandomParameters(energy);
        var x = EnergyCases.RandomStates(energy, 1);
        var moves = eye(energy.Space.Features, dtype: ScalarType.Float64).mul(Step);

        var expected = (energy.Energy(parameters, x + moves) - energy.Energy(parameters, x - moves)) / (2 * Step);

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
            Noise.On(CPU).AddNormal(direction, 1, new NoiseSite(new RandomKey(21), (uint)i));
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
            return (e * Weight + e.square() * Penalty).sum().item<double>();
        }
    }

    [Theory, MemberData(nameof(All))]
    public void StateGradient_InFloat32_EqualsAutograd(string name)
    {
        using var scope = NewDisposeScope();
        var energy = EnergyCases.Create(name);
        using var parameters = EnergyCases.RandomParameters(energy, 0.1f, ScalarType.Float32);
        var x = EnergyCases.RandomStates(energy, 64, ScalarType.Float32).requires_grad_(true);

        var expected = autograd.grad([Reference(energy, parameters, x).sum()], [x])[0];

        EnergyCases.AssertClose(expected, energy.StateGradient(parameters, x.detach()), 1e-5);
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
        LayeredEnergy layered => LayeredReference(layered, p, x),
        _ => throw new ArgumentException(energy.GetType().Name),
    };

    private static Tensor LayeredReference(LayeredEnergy energy, Parameters p, Tensor x)
    {
        var first = 0;
        foreach (var layer in energy.Stages)
        {
            Tensor[] own = [.. layer.Parameters.Select(
                (parameter, i) => parameter.IsNormalised ? SpectralNorm.Apply(p[first + i], first + i) : p[first + i])];
            x = layer.Forward(x, own);
            first += own.Length;
        }

        return x.squeeze(1);
    }
}
