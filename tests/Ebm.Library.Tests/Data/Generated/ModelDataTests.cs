using Ebm.Core.Datasets;
using Ebm.Core.Energies;
using Ebm.Core.Energies.Pairwise;
using Ebm.Core.Evaluation;
using Ebm.Core.Registry;
using Ebm.Core.Spec;
using Ebm.Core.States;
using Ebm.Core;
using Ebm.Data.Generated;
using Ebm.Data.Loading;
using static TorchSharp.torch;

namespace Ebm.Library.Tests.Data.Generated;

public sealed class ModelDataTests : DataTest
{
    private static readonly ModelDataSpec Torus = new()
    {
        Energy = new IsingSpec { Lattice = [10, 10], Coupling = 0.2 },
        Sampler = new GibbsSpec { Steps = 40 },
        Count = 640,
    };

    /// <summary>
    /// E[s_i s_j] of neighbours on the 10x10 torus at K = 0.2 is 0.214120 (Kaufman's formula). A row's mean over its
    /// 200 edges has a deviation below 0.08 (the heat capacity), so 640 rows have a standard error below 0.0032; 6 of
    /// them are a false alarm of 2e-9, and K = 0.22 or 0.18 would be 7 away. Forty sweeps from noise leave less than
    /// 1e-6 of it.
    /// </summary>
    [Fact]
    public void Generate_TheTorus_HasItsCorrelation()
    {
        using var scope = NewDisposeScope();
        using var rows = ModelData.Generate(Torus, seed: 5);
        var s = (2 * rows.Gather([.. Enumerable.Range(0, 640).Select(i => (long)i)], CPU) - 1).view(640, 10, 10);

        var correlation = ((s * s.roll(1, 1)).mean() + (s * s.roll(1, 2)).mean()).item<float>() / 2;

        Assert.Equal(0.214120, correlation, 0.0192);
        Assert.Equal(new ImageShape(1, 10, 10), rows.Image);
        using var again = ModelData.Generate(Torus, seed: 5);
        Assert.Equal(Values(rows), Values(again));
    }

    [Fact]
    public void Couplings_OfTheTorus_AreThoseOfItsEdges()
    {
        using var scope = NewDisposeScope();

        var matrix = ModelData.Couplings(Torus);

        Assert.True(matrix.Equals(matrix.t()));
        Assert.Equal(400, matrix.ne(0).sum().item<long>());
        Assert.Equal(400 * 0.2, matrix.sum().item<float>(), 1e-3);
        Assert.Equal(0.2f, matrix[0, 1].item<float>());
        Assert.Equal(0.2f, matrix[0, 90].item<float>());
    }

    /// <summary>A model that has learned nothing is wrong by 0.1 (in x'Jx) at 400 of 10,000 entries.</summary>
    [Fact]
    public void RootMeanSquare_OfNoCouplings_IsThatOfTheEdges()
    {
        using var scope = NewDisposeScope();
        var energy = (PairwiseEnergy)EnergyFactory.Create(new IsingSpec(), 100);
        using var none = new Parameters(energy.Layout, zeros(energy.Layout.Length));
        var known = (PairwiseEnergy)EnergyFactory.Create(Torus.Energy, 100);
        using var all = new Parameters(known.Layout, known.Initialise(new(1), new DataSummary([])));

        Assert.Equal(0.02, CouplingRecovery.RootMeanSquare(energy, none, ModelData.Couplings(Torus)), 1e-7);
        Assert.Equal(0, CouplingRecovery.RootMeanSquare(known, all, ModelData.Couplings(Torus)));
    }

    [Theory]
    [InlineData(new[] { 0f, 1, 2, 1, 0, 3, 2, 3, 0 }, null)]
    [InlineData(new[] { 0f, 1, 2, 1, 0, 3, 2, 4, 0 }, "is not symmetric: row 2, column 3")]
    [InlineData(new[] { 0f, 1, 2, 1, 5, 3, 2, 3, 0 }, "couples a unit with itself: row 2, column 2; expected 0")]
    public void Read_AFileOfCouplings_IsASymmetricMatrixOrNamesThePlace(float[] values, string? message)
    {
        using var scope = NewDisposeScope();
        var path = Folder.Write("j.npy", DataFiles.Npy("<f4", "(3, 3)", values));
        if (message is not null)
        {
            AssertFails(path, () => CouplingsFile.Read(path, 3, 1), message);
            return;
        }

        Assert.Equal(values, CouplingsFile.Read(path, 3, 1).data<float>().ToArray());
        AssertFails(path, () => CouplingsFile.Read(path, 4, 1), "has 3 rows of 3 numbers; expected a matrix of 4 by 4");

        // The model that it is of: E = -sum of the upper triangle at s = (1, 1, 1).
        var energy = EnergyFactory.Create(new IsingSpec { Couplings = path }, 3, couplings: CouplingsFile.Read);
        using var parameters = new Parameters(energy.Layout, energy.Initialise(new(1), new DataSummary([])));
        Assert.Equal(-6, energy.Energy(parameters, ones(1, 3)).item<float>());
        Assert.Equal(
            zeros(6).data<float>().ToArray(),
            energy.ParameterGradient(parameters, ones(1, 3), 1).Gradient.data<float>().ToArray());
    }

    [Fact]
    public void Load_PottsRows_AreCategoriesThatFitTheModel()
    {
        using var scope = NewDisposeScope();
        var spec = new ModelDataSpec
        {
            Energy = new PottsSpec { Categories = 4, Lattice = [3, 3], Coupling = 1 },
            Sampler = new GwgSpec { Steps = 50 },
            Count = 100,
        };

        var data = DatasetLoader.Load(spec, seed: 2);

        Assert.Equal([0f, 1, 2, 3], Values(data.Train).Distinct().Order());
        SpecDataCheck.Check(new PottsSpec { Categories = 4 }, data);
        var error = Assert.Throws<InputException>(() => SpecDataCheck.Check(new PottsSpec { Categories = 3 }, data));
        Assert.Contains(
            "needs categories 0 to 2; the Train data has 3 in row", error.Message, StringComparison.Ordinal);
        var lattice = Assert.Throws<InputException>(
            () => EnergyFactory.Create(new PottsSpec { Categories = 4, Lattice = [3, 4] }, 9));
        Assert.Contains("energy.lattice: 3 by 4 are 12 units", lattice.Message, StringComparison.Ordinal);
    }
}
