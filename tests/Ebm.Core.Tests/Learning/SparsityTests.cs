using Ebm.Core.Energies;
using Ebm.Core.Learning;
using Ebm.Core.Native;
using Ebm.Core.Spec;
using static TorchSharp.torch;

namespace Ebm.Core.Tests.Learning;

public sealed class SparsityTests
{
    private static readonly ParameterLayout Layout = new(("couplings", [4]), ("field", [1]), ("hidden.bias", [1]));

    static SparsityTests() => TorchLibrary.EnsureLoaded();

    [Fact]
    public void Apply_L1_MovesWeightsTowardsZeroAndStopsThere()
    {
        using var scope = NewDisposeScope();
        var weights = tensor([0.5f, -0.5f, 0.01f, -0.02f, 0.01f, 0.01f]);

        new Sparsity(Layout, new LearningSpec { L1 = 0.2 }).Apply(weights, zeros(6), rate: 0.1, round: 1);

        Assert.Equal(
            [0.48f, -0.48f, 0, 0, 0.01f, 0.01f], weights.data<float>().ToArray(), (a, b) => Math.Abs(a - b) < 1e-7);
    }

    [Fact]
    public void Apply_Prune_ZeroesSmallWeightsAfterItsRoundAndKeepsThemThere()
    {
        using var scope = NewDisposeScope();
        var sparsity = new Sparsity(
            Layout, new LearningSpec { L1 = 0.2, Prune = new PruneSpec { After = 5, Below = 0.1 } });
        var weights = tensor([0.5f, -0.11f, 0.11f, -0.02f, 0.01f, 0.01f]);

        sparsity.Apply(weights, zeros(6), rate: 0.1, round: 5);

        // -0.11 and 0.11 are below 0.1 once the penalty has moved them.
        Assert.Equal([0.48f, 0, 0, 0, 0.01f, 0.01f], weights.data<float>().ToArray(), (a, b) => Math.Abs(a - b) < 1e-7);

        var next = weights + 0.3f;
        sparsity.Apply(next, weights, rate: 0.1, round: 6);

        Assert.Equal([0.78f, 0, 0, 0, 0.31f, 0.31f], next.data<float>().ToArray(), (a, b) => Math.Abs(a - b) < 1e-6);
    }
}
