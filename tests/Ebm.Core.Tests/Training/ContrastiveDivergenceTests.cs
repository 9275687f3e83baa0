using Ebm.Core.Datasets;
using Ebm.Core.Diagnostics;
using Ebm.Core.Energies;
using Ebm.Core.Energies.Boltzmann;
using Ebm.Core.Native;
using Ebm.Core.Randomness;
using Ebm.Core.Recovery;
using Ebm.Core.Sampling;
using Ebm.Core.Spec;
using Ebm.Core.States;
using Ebm.Core.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Ebm.Core.Tests.Training;

/// <summary>Training in one call or one loop, with an energy and a kernel from outside.</summary>
public sealed class ContrastiveDivergenceTests
{
    private static readonly float[,] Rows = GaussianRows(512, mean: 2, deviation: 0.5f);

    private static readonly TrainingOptions Options = new()
    {
        Seed = 3,
        Learning = new LearningSpec { Rounds = 300, Batch = 128, Optimiser = new AdamSpec { Rate = 0.05 } },
        Negatives = new NegativesSpec { Chains = 192 },
    };

    /// <summary>
    /// Langevin steps of size 0.05 give the variance 1 / (p - 0.025 p^2) for the precision p, so the data's 4 make it
    /// 4.5, and their sampling error 4.64. Over 40 seeds the mean had a deviation of 0.018 and the precision of 0.13:
    /// the bounds are six deviations. Without the negative phase the mean leaves them by more than 1.
    /// </summary>
    [Fact]
    public void Train_OfAnOwnEnergy_FindsTheMeanAndTheVariance()
    {
        using var model = ContrastiveDivergence.Train(
            new Gaussian(), new LangevinSpec { Steps = 20, StepSize = 0.05, Noise = 0.316 }, Dataset.FromRows(Rows),
            Options);

        Assert.Equal(2, model.Parameters["mean"].item<float>(), 0.11f);
        Assert.Equal(4.64f, MathF.Exp(model.Parameters["precision"].item<float>()), 0.8f);
    }

    [Fact]
    public void Train_OnAnyNumberOfThreads_GivesTheSameBits()
    {
        var one = Bits(Options with { Threads = 1 });

        Assert.Equal(one, Bits(Options with { Threads = 2 }));
        Assert.Equal(one, Bits(Options with { Threads = 5 }));
        Assert.NotEqual(one, Bits(Options with { Seed = 4 }));

        static byte[] Bits(TrainingOptions options)
        {
            var short10 = options with { Learning = options.Learning with { Rounds = 10, Lag = 1, Ema = 0.9 } };
            using var model = ContrastiveDivergence.Train(
                new Gaussian(), new LangevinSpec { Steps = 5, StepSize = 0.05, Noise = 0.316 },
                Dataset.FromRows(Rows), short10);
            return model.Parameters.Flat.bytes.ToArray();
        }
    }

    [Fact]
    public void Train_WithAKernelFromOutside_CallsItForEveryChainOfEveryRound()
    {
        var kernel = new CountingKernel();
        var rounds = new List<RoundMetrics>();

        using var model = ContrastiveDivergence.Train(
            new Gaussian(), kernel, Dataset.FromRows(Rows), Options with { Learning = new() { Rounds = 3 } },
            rounds.Add);

        Assert.Equal(3 * 192, kernel.Chains);
        Assert.Equal([1, 2, 3], rounds.Select(r => r.Round));
    }

    [Fact]
    public void Step_AfterEveryRound_GivesAModelOfThatRound()
    {
        using var training = new ContrastiveDivergence(
            new Gaussian(), new JitterSpec(), Dataset.FromRows(Rows),
            Options with { Negatives = new() { Start = ChainStart.Data } });
        using var first = training.ToModel();
        var before = first.Parameters.Flat.data<float>().ToArray();

        _ = training.Step();
        using var second = training.ToModel();

        Assert.Equal(1, training.Round);
        Assert.Equal(before, first.Parameters.Flat.data<float>().ToArray());
        Assert.NotEqual(before, second.Parameters.Flat.data<float>().ToArray());
    }

    [Fact]
    public void Step_OfDivergingTraining_ThrowsAndNamesTheLimit()
    {
        using var training = new ContrastiveDivergence(
            new Unbounded(), new LangevinSpec { Steps = 5, StepSize = 0.05, Noise = 0.316 }, Dataset.FromRows(Rows),
            Options with
            {
                Learning = new LearningSpec { Rounds = 1000, Optimiser = new SgdSpec { Rate = 100 } },
                Recovery = new RecoverySpec { OnDivergence = OnDivergence.Stop },
            });

        var error = Assert.ThrowsAny<DivergedException>(() =>
        {
            while (training.Round < training.Rounds)
            {
                _ = training.Step();
            }
        });

        Assert.StartsWith("Round ", error.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string, Action> Misfits => new()
    {
        { "rows have 1 values; the energy has 3 units", () => Begin(new RbmEnergy(new RbmSpec { Hidden = 2 }, 3)) },
        {
            "row 0, column 0 (from 0) is 1.5; expected 0 or 1",
            () => Begin(new RbmEnergy(new RbmSpec { Hidden = 2 }, 1), new float[,] { { 1.5f } })
        },
        { "is NaN; expected a finite number", () => Begin(new Gaussian(), new float[,] { { 1 }, { float.NaN } }) },
        {
            "options.Learning.Batch: expected a number from 1 to 1000000, found 0",
            () => Begin(new Gaussian(), options: Options with { Learning = new() { Rounds = 1, Batch = 0 } })
        },
        {
            "options.Learning.Optimiser.Rate",
            () => Begin(new Gaussian(), options: Options with
            {
                Learning = new() { Rounds = 1, Optimiser = new SgdSpec { Rate = double.NaN } },
            })
        },
        {
            "2 slots for 192 chains", () => Begin(
                new Gaussian(), options: Options with { Negatives = new() { Chains = 192, Slots = 2 } })
        },
        {
            "expected one of Rounds and Epochs, found both",
            () => Begin(new Gaussian(), options: Options with { Learning = new() { Rounds = 1, Epochs = 1 } })
        },
        {
            "options.Range: expected two numbers, the smaller first, found [4, -4]",
            () => new ContrastiveDivergence(
                new Gaussian(), new CountingKernel(), Dataset.FromRows(Rows), Options with { Range = [4, -4] })
                .Dispose()
        },
        {
            "sampler.Steps: expected a number from 1", () => new ContrastiveDivergence(
                new Gaussian(), new LangevinSpec { Steps = -3 }, Dataset.FromRows(Rows), Options).Dispose()
        },
        {
            "sampler: gwg cannot draw from this energy on real units. Use langevin, mala, hmc",
            () => new ContrastiveDivergence(new Gaussian(), new GwgSpec(), Dataset.FromRows(Rows), Options).Dispose()
        },
        { "has 2 classes", () => Begin(new RbmEnergy(new RbmSpec { Hidden = 2, Classes = 2 }, 1)) },
        { "expected at least 1", () => Begin(new Gaussian(), new float[0, 1]) },
    };

    [Theory]
    [MemberData(nameof(Misfits), DisableDiscoveryEnumeration = true)]
    public void Construction_WithDataOrOptionsThatDoNotFit_IsRefused(string message, Action begin) =>
        Assert.Contains(message, Assert.Throws<InputException>(begin).Message, StringComparison.Ordinal);

    private static void Begin(IEnergy energy, float[,]? rows = null, TrainingOptions? options = null) =>
        new ContrastiveDivergence(
            energy, energy.Space.Units == UnitKind.Real ? new LangevinSpec() : new GwgSpec(),
            Dataset.FromRows(rows ?? Rows), options ?? Options).Dispose();

    private static float[,] GaussianRows(int count, float mean, float deviation)
    {
        using var scope = NewDisposeScope();
        TorchLibrary.EnsureLoaded();
        var values = zeros(count, 1);
        NoiseFactory.On(CPU).AddNormal(
            values, deviation, new NoiseSite(new RandomKey(7), 0));
        var rows = new float[count, 1];
        Buffer.BlockCopy(values.data<float>().ToArray(), 0, rows, 0, count * sizeof(float));
        for (var i = 0; i < count; i++)
        {
            rows[i, 0] += mean;
        }

        return rows;
    }

    /// <summary>E(x) = exp(precision) (x - mean)^2 / 2.</summary>
    private sealed class Gaussian() : AutogradEnergy(
        new StateSpace(1, UnitKind.Real),
        InitialParameter.Constant("mean", 0),
        InitialParameter.Constant("precision", 0))
    {
        protected override Tensor Evaluate(Parameters parameters, Tensor states)
        {
            using Scalar half = 0.5;
            return states.sub(parameters["mean"]).Squared().mul(parameters["precision"].exp()).mul(half).sum(1);
        }
    }

    /// <summary>E(x) = slope x: no density, its chains run away.</summary>
    private sealed class Unbounded() : AutogradEnergy(
        new StateSpace(1, UnitKind.Real), InitialParameter.Constant("slope", 1))
    {
        protected override Tensor Evaluate(Parameters parameters, Tensor states) =>
            states.mul(parameters["slope"]).sum(1);
    }

    /// <summary>Leaves every chain where it is.</summary>
    private sealed class CountingKernel : ISampler
    {
        private int _chains;

        public int Chains => _chains;

        public int Steps => 1;

        public SamplerResult Run(
            IEnergy energy, Parameters parameters, Tensor states, ChainBlock block, ClampedUnits? clamp = null)
        {
            Interlocked.Add(ref _chains, (int)states.shape[0]);
            var same = states.clone();
            return new SamplerResult(same, SamplerInfo.Of(states, same));
        }
    }
}
