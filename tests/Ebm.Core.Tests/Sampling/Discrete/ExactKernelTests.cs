using Ebm.Core.Randomness;
using Ebm.Core.Registry;
using Ebm.Core.Sampling;
using static TorchSharp.torch;

namespace Ebm.Core.Tests.Sampling.Discrete;

/// <summary>
/// Every discrete kernel against its transition matrix, enumerated in float64 by hand (<see cref="EnumeratedModel"/>),
/// in the manner of BlackJAX's discrete tests.
/// </summary>
public sealed class ExactKernelTests
{
    private const int Rows = 4096;

    public static TheoryData<string> All => [.. ExactKernelCases.Names];

    /// <summary>
    /// The matrices themselves: rows sum to 1, the distribution is invariant, and detailed balance holds where it
    /// applies.
    /// </summary>
    [Theory, MemberData(nameof(All))]
    public void Matrix_OfEachKernel_HasTheInvariantDistribution(string name)
    {
        using var scope = NewDisposeScope();
        using var kernel = ExactKernelCases.Create(name);
        var (distribution, matrix) = (kernel.Model.Distribution, kernel.Matrix);
        var next = EnumeratedModel.Next(distribution, matrix);
        for (var i = 0; i < distribution.Length; i++)
        {
            Assert.Equal(1, matrix[i].Sum(), 1e-10);
            if (kernel.Keeps != Keeps.Nothing)
            {
                Assert.Equal(distribution[i], next[i], 1e-8);
            }

            if (kernel.Keeps == Keeps.Balance)
            {
                AssertBalance(distribution, matrix, i);
            }
        }
    }

    /// <summary>A scan is not reversible, but each of its units' updates is.</summary>
    [Theory]
    [InlineData("ising-free gibbs")]
    [InlineData("ising-full gibbs")]
    [InlineData("potts-free gibbs")]
    [InlineData("potts-full gibbs")]
    public void Resample_OfOneUnit_IsReversible(string name)
    {
        using var kernel = ExactKernelCases.Create(name);
        var distribution = kernel.Model.Distribution;
        for (var unit = 0; unit < kernel.Model.Units; unit++)
        {
            var matrix = kernel.Model.Resample(unit);
            for (var i = 0; i < distribution.Length; i++)
            {
                AssertBalance(distribution, matrix, i);
            }
        }
    }

    /// <summary>
    /// From every state (of at most 27, spread over all) 4,096 chains, after one transition and after three: the third
    /// shows that what a kernel keeps between steps is right and that each step has noise of its own. 7 standard
    /// errors, and 7 draws for probabilities near 0: false alarm below 3e-12 a frequency, and below 1e-6 for all
    /// 120,000 of the class. An error of 0.1 in a probability of one half is 13 standard errors, and passes with
    /// probability below 1e-8. Chains of two classes take turns in one block, and each draws from the matrix of its
    /// own.
    /// </summary>
    [Theory, MemberData(nameof(All))]
    public void Run_FromEveryState_DrawsFromThePowerOfTheMatrix(string name)
    {
        using var scope = NewDisposeScope();
        using var kernel = ExactKernelCases.Create(name);
        var digits = tensor([.. Enumerable.Range(0, kernel.Model.Units)
            .Select(i => MathF.Pow(kernel.Model.Categories, i))]);
        var stride = Math.Max(1, kernel.Model.Count / 27);
        for (var i = 0; i < kernel.Model.Count; i += stride)
        {
            Compare(kernel.Matrix[i], 1, i);
            Compare(EnumeratedModel.Next(EnumeratedModel.Next(kernel.Matrix[i], kernel.Matrix), kernel.Matrix), 3, i);
        }

        void Compare(double[] expected, int steps, int start)
        {
            using var inner = NewDisposeScope();
            var classes = kernel.Class is null ? 1 : 2;
            var energy = kernel.Energy.Given(
                [.. Enumerable.Range(0, classes * Rows).Select(chain => chain % classes)], CPU);
            var from = tensor([.. kernel.Model.State(start).Select(d => (float)d)]).expand(
                classes * Rows, kernel.Model.Units);
            var block = new ChainBlock(NoiseFactory.On(CPU), RandomKey.Derive(7, Purpose.Sampler, steps, start), 0);
            var states = SamplerFactory.Create(kernel.Sampler.WithTransitions(steps))
                .Run(energy, kernel.Parameters, from, block).States.view(Rows, classes, -1).select(
                    1, kernel.Class ?? 0);
            var counts = states.mv(digits).to_type(ScalarType.Int64).bincount(null, expected.Length).data<long>()
                .ToArray();
            Assert.Equal(expected.Length, counts.Length);
            for (var k = 0; k < expected.Length; k++)
            {
                var tolerance = (7 * Math.Sqrt(expected[k] * (1 - expected[k]) / Rows)) + (7.0 / Rows);
                Assert.Equal(expected[k], counts[k] / (double)Rows, tolerance);
            }
        }
    }

    private static void AssertBalance(double[] distribution, double[][] matrix, int from)
    {
        for (var to = 0; to < distribution.Length; to++)
        {
            Assert.Equal(distribution[from] * matrix[from][to], distribution[to] * matrix[to][from], 1e-8);
        }
    }
}
