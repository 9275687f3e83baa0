using Ebm.Core.Energies;
using Ebm.Core.Energies.Boltzmann;
using Ebm.Core.Energies.Pairwise;
using Ebm.Core.Randomness;
using Ebm.Core.Registry;
using Ebm.Core.Sampling;
using Ebm.Core.Sampling.Continuous;
using Ebm.Core.Spec;
using Ebm.Core.States;
using Ebm.Core.Tests.Energies;
using static TorchSharp.torch;

namespace Ebm.Core.Tests.Sampling;

/// <summary>A chain's bits depend on its global number, not on the company it keeps or the thread it runs on.</summary>
public sealed class BlockTests
{
    public static TheoryData<string> Cases => 
    [
        "rbm", "gaussian-rbm", "mlp-Silu", "conv-8", "conv-28", "ising-torus", "ising-full", "potts-free", "potts-full",
        "gaussian-rbm mala", "mlp-Silu mala", "mlp-Silu hmc", "conv-8 hmc", "rbm gwg", "rbm dmala", "rbm dula",
        "ising-full dmala", "potts-full gwg",
        "potts-full dmala", "potts-full dula",
    ];

    [Theory, MemberData(nameof(Cases))]
    public void Run_TwoBlocksOnTwoThreads_EqualsOneAfterTheOther(string name)
    {
        using var scope = NewDisposeScope();
        var energy = EnergyCases.Create(name.Split(' ')[0]);
        using var p = EnergyCases.RandomParameters(energy, 0.1f, ScalarType.Float32);
        var start = ChainStarts.Fresh(
            energy.Space, [-1, 1], 128, NoiseFactory.On(CPU), new NoiseSite(new RandomKey(2), 0), CPU);
        byte[][] serial = [Run(1), Run(0)];
        var parallel = new byte[2][];

        var threads = new[] { 0, 1 }.Select(i => new Thread(() => parallel[i] = Run(i))).ToArray();
        Array.ForEach(threads, t => t.Start());
        Array.ForEach(threads, t => t.Join());

        Assert.True(serial[1].AsSpan().SequenceEqual(parallel[0]));
        Assert.True(serial[0].AsSpan().SequenceEqual(parallel[1]));
        Assert.False(serial[0].AsSpan().SequenceEqual(serial[1]));

        // Both blocks at once: the same chains in one tensor.
        var together = Sampler(energy, name)
            .Run(energy, p, start, new ChainBlock(NoiseFactory.On(CPU), new RandomKey(3), 0)).States;
        Assert.Equal([.. parallel[0], .. parallel[1]], together.bytes.ToArray());

        byte[] Run(int i)
        {
            using var inner = NewDisposeScope();
            var block = new ChainBlock(NoiseFactory.On(CPU), new RandomKey(3), (uint)(64 * i));
            return Sampler(energy, name).Run(energy, p, start.narrow(0, 64 * i, 64), block).States.bytes.ToArray();
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void Run_OfEachKernel_LeavesItsInputAndNoTemporaries(string name)
    {
        using var scope = NewDisposeScope();
        var energy = EnergyCases.Create(name.Split(' ')[0]);
        using var p = EnergyCases.RandomParameters(energy, 0.1f, ScalarType.Float32);
        var start = EnergyCases.RandomStates(energy, 8, ScalarType.Float32);
        var before = start.clone();
        var clamp = new ClampedUnits(arange(energy.Space.Features).lt(3), ones(energy.Space.Features));
        TorchSharp.DisposeScopeManager.Statistics.Reset();

        var block = new ChainBlock(NoiseFactory.On(CPU), new RandomKey(3), 0);
        foreach (var sampler in Kernels(energy, name))
        {
            sampler.Run(energy, p, start, block).States.Dispose();
            sampler.Run(energy, p, start, block, clamp).States.Dispose();
        }

        Assert.Equal(0, TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        Assert.True(before.Equals(start));
    }

    [Fact]
    public void Jitter_OfPartOfTheChains_EqualsTheirRowsAndHasItsScale()
    {
        using var scope = NewDisposeScope();
        var energy = EnergyCases.Create("gaussian-rbm");
        using var p = EnergyCases.RandomParameters(energy, 0.1f, ScalarType.Float32);
        var sampler = SamplerFactory.Create(new JitterSpec { Noise = 0.2 });
        var start = ones(4000, 6);

        var all = sampler.Run(energy, p, start, new ChainBlock(NoiseFactory.On(CPU), new RandomKey(8), 0)).States;
        var part = sampler.Run(
            energy, p, start.narrow(0, 100, 7), new ChainBlock(NoiseFactory.On(CPU), new RandomKey(8), 100)).States;

        Assert.True(part.Equals(all.narrow(0, 100, 7)));

        // 24,000 draws: 6 standard errors are 2.7 % of the deviation; false alarm 2e-9.
        Assert.InRange(all.std().item<float>(), 0.2 * 0.973, 0.2 * 1.027);
    }

    [Theory, MemberData(nameof(Cases))]
    public void Run_WithAClamp_KeepsTheKnownCoordinates(string name)
    {
        using var scope = NewDisposeScope();
        var energy = EnergyCases.Create(name.Split(' ')[0]);
        using var p = EnergyCases.RandomParameters(energy, 0.1f, ScalarType.Float32);
        var start = EnergyCases.RandomStates(energy, 8, ScalarType.Float32);
        var known = arange(energy.Space.Features).lt(3);
        var clamp = new ClampedUnits(known, ones(energy.Space.Features));
        foreach (var sampler in Kernels(energy, name))
        {
            var block = new ChainBlock(NoiseFactory.On(CPU), new RandomKey(3), 0);
            var states = sampler.Run(energy, p, start, block, clamp).States;

            Assert.True(states.narrow(1, 0, 3).Equals(ones(8, 3)));
            Assert.False(states.narrow(1, 3, 3).Equals(start.narrow(1, 3, 3)));

            // The first transition already sees them.
            Assert.True(states.Equals(sampler.Run(energy, p, clamp.Apply(start), block, clamp).States));
        }
    }

    [Fact]
    public void Gibbs_OnANetwork_NamesItsRequirement()
    {
        using var scope = NewDisposeScope();
        var energy = EnergyCases.Create("mlp-Relu");
        using var p = EnergyCases.RandomParameters(energy, 0.1f, ScalarType.Float32);
        var block = new ChainBlock(NoiseFactory.On(CPU), new RandomKey(3), 0);

        var error = Assert.Throws<InputException>(
            () => SamplerFactory.Create(new GibbsSpec()).Run(energy, p, zeros(1, 6), block));
        Assert.Contains("langevin", error.Message, StringComparison.Ordinal);
    }

    private static ISampler[] Kernels(IEnergy energy, string name) => energy.Space.Units == UnitKind.Real
        ? [Sampler(energy, name), new JitterSampler(new JitterSpec())]
        : [Sampler(energy, name)];

    private static ISampler Sampler(IEnergy energy, string name) => SamplerFactory.Create(name.Split(' ') switch
    {
        [_, "mala"] => new MalaSpec { Steps = 3, StepSize = 0.01, Range = [-2, 2], Temperature = 2 },
        [_, "hmc"] => new HmcSpec { Steps = 3, Leapfrog = 3, StepSize = 0.05, Jitter = 0.5 },
        [_, "gwg"] => new GwgSpec { Steps = 20 },
        [_, "dmala"] => new DmalaSpec { Steps = 10, StepSize = 0.5 },
        [_, "dula"] => new DulaSpec { Steps = 5, StepSize = 0.5 },
        _ when energy is RbmEnergy or PairwiseEnergy => new GibbsSpec { Steps = 5 },
        _ => new LangevinSpec { Steps = 5, StepSize = 0.1, Noise = 0.1, GradientClip = 1, Range = [-2, 2] },
    });
}
