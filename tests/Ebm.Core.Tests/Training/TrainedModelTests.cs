using Ebm.Core.Datasets;
using Ebm.Core.Energies;
using Ebm.Core.Energies.Boltzmann;
using Ebm.Core.Evaluation;
using Ebm.Core.Native;
using Ebm.Core.Spec;
using Ebm.Core.States;
using Ebm.Core.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Ebm.Core.Tests.Training;

/// <summary>A model in code: energies, samples, log Z, files.</summary>
public sealed class TrainedModelTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void Energies_OfRows_AreThoseOfTheEnergyInOrder()
    {
        using var model = TrainedModel.Create(new DoubleWell());
        var rows = new float[150, 1];
        for (var i = 0; i < 150; i++)
        {
            rows[i, 0] = i / 50f;
        }

        var energies = model.Energies(rows);

        Assert.Equal(150, energies.Length);
        Assert.All(Enumerable.Range(0, 150), i =>
        {
            var gap = (rows[i, 0] * rows[i, 0]) - 1;
            Assert.Equal(4 * gap * gap, energies[i], 1e-3f);
        });
    }

    /// <summary>
    /// Two wells of equal weight: of 512 independent chains the share in the right well has a deviation of 0.022, so
    /// 0.11 are five deviations, a false alarm of 1 in a million. A kernel that stays in its well of origin with a
    /// start of the wrong sign half as often is 0.25 away.
    /// </summary>
    [Fact]
    public void Sample_OfADoubleWell_FindsBothWellsEquallyOften()
    {
        using var model = TrainedModel.Create(new DoubleWell());
        var hmc = new HmcSpec { Steps = 50, StepSize = 0.1, Leapfrog = 8 };

        var states = model.Sample(hmc, 512, seed: 1);

        var values = states.Cast<float>().ToArray();
        Assert.Equal(0.5, values.Count(x => x > 0) / 512.0, 0.11);
        Assert.InRange(values.Average(x => x * x), 0.8, 1.2);
        Assert.Equal(states.Cast<float>(), model.Sample(hmc, 512, seed: 1).Cast<float>());
        Assert.NotEqual(states.Cast<float>(), model.Sample(hmc, 512, seed: 2).Cast<float>());
    }

    [Fact]
    public void Sample_WithAnUnstableStep_SaysSo()
    {
        using var model = TrainedModel.Create(new DoubleWell());

        var error = Assert.Throws<EbmException>(
            () => model.Sample(new LangevinSpec { Steps = 50, StepSize = 10, Noise = 1 }, 3));

        Assert.Contains("non-finite state", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sample_WithAKernelForOtherUnits_NamesThoseThatFit()
    {
        using var model = TrainedModel.Create(new RbmEnergy(new RbmSpec { Hidden = 2 }, 3));

        var error = Assert.Throws<InputException>(() => model.Sample(new HmcSpec(), 2));

        Assert.Contains("hmc cannot draw from this energy on binary units. Use gibbs, gwg", error.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Save_OfADisposedModel_LeavesTheFileAsItWas()
    {
        var model = TrainedModel.Create(new RbmEnergy(new RbmSpec { Hidden = 2 }, 3));
        model.Save(_path);
        var before = File.ReadAllBytes(_path);
        model.Dispose();

        Assert.ThrowsAny<Exception>(() => model.Save(_path));

        Assert.Equal(before, File.ReadAllBytes(_path));
    }

    [Theory]
    [InlineData("__metadata__")]
    [InlineData("sampler.tuning")]
    [InlineData("slope")]
    public void Declare_AReservedOrTakenName_IsRefused(string name) => Assert.Contains(
        $"'{name}' is reserved or taken",
        Assert.Throws<ArgumentException>(() => new ParameterLayout(("slope", [1]), (name, [1]))).Message,
        StringComparison.Ordinal);

    [Fact]
    public void EstimateLogZ_OfASmallRbm_BracketsTheExactValue()
    {
        var energy = new RbmEnergy(new RbmSpec { Hidden = 4, WeightScale = 0.5 }, 6);
        using var model = TrainedModel.Create(energy, seed: 2);
        var rows = new float[64, 6];
        for (var i = 0; i < rows.Length; i++)
        {
            rows[i / 6, i % 6] = (i / 6 >> (i % 6)) & 1;
        }

        var bracket = model.EstimateLogZ(
            new GibbsSpec(), Dataset.FromRows(rows),
            new AisSpec { Chains = 128, Temperatures = 250, Sweeps = 200, Copies = 8 });

        Assert.True(bracket.IsCertified, string.Join("; ", bracket.FailedChecks));
        Assert.InRange(ExactLikelihood.LogZ(energy, model.Parameters), bracket.Lower, bracket.Upper);
    }

    [Fact]
    public void Load_OfASavedModel_HasItsBits()
    {
        var energy = new RbmEnergy(new RbmSpec { Hidden = 3 }, 5);
        using var model = TrainedModel.Create(energy, seed: 9);
        model.Save(_path);

        using var loaded = TrainedModel.Load(_path, energy);

        Assert.True(model.Parameters.Flat.Equals(loaded.Parameters.Flat));
    }

    [Theory]
    [InlineData(4, "of F32 [5, 4], found F32 [5, 3]. The file belongs to another energy.")]
    [InlineData(0, "found none. The file belongs to another energy.")]
    public void Load_IntoAnotherEnergy_IsRefused(int hidden, string message)
    {
        using var model = TrainedModel.Create(new RbmEnergy(new RbmSpec { Hidden = 3 }, 5));
        model.Save(_path);
        IEnergy other = hidden == 0
            ? new MlpLike()
            : new RbmEnergy(new RbmSpec { Hidden = hidden }, 5);

        var error = Assert.Throws<InputException>(() => TrainedModel.Load(_path, other));

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    /// <summary>E(x) = 4 (x^2 - 1)^2, without parameters.</summary>
    private sealed class DoubleWell() : AutogradEnergy(new StateSpace(1, UnitKind.Real))
    {
        protected override Tensor Evaluate(Parameters parameters, Tensor states)
        {
            using Scalar one = 1, four = 4;
            return states.Squared().sub(one).Squared().mul(four).sum(1);
        }
    }

    private sealed class MlpLike() : AutogradEnergy(
        new StateSpace(5, UnitKind.Binary), InitialParameter.Constant("slope", 1))
    {
        protected override Tensor Evaluate(Parameters parameters, Tensor states) =>
            states.sum(1).mul(parameters["slope"]);
    }
}
