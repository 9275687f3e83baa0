using Ebm.Core.Datasets;
using Ebm.Core.Energies;
using Ebm.Core.Energies.Boltzmann;
using Ebm.Core.Energies.Networks;
using Ebm.Core.Randomness;
using Ebm.Core.Registry;
using Ebm.Core.Spec;
using static TorchSharp.torch;

namespace Ebm.Core.Benchmarks;

/// <summary>
/// The fixed set of models. A draw costs ten gradients (of Gibbs sampling, ten sweeps) whichever kernel makes it.
/// </summary>
internal static class BenchModels
{
    private const int Transitions = 10;

    /// <summary>Makes each model, in the order of the table, on a device.</summary>
    public static IReadOnlyList<Func<Device, BenchModel>> All { get; } =
    [
        device => Of("gaussian-50", GaussianReference.IllConditioned(50, 0.1), scale: 0.1, device),
        device => Of("mixture-2", new MixtureReference(
            0.5f, new float[,] { { -1, -1 }, { -1, 1 }, { 1, -1 }, { 1, 1 } }), scale: 0.5, device),
        device => Of("banana-2", new BananaReference(width: 2, bend: 0.5), scale: 0.5, device),
        device => Of("ring-2", new RingReference(radius: 2, spread: 0.5), scale: 0.12, device),
        Network,
        Rbm,
        device => Lattice("ising-100", new IsingSpec { Lattice = [10, 10], Coupling = 0.3 }, device),
        device => Lattice("potts-100", new PottsSpec { Lattice = [10, 10], Coupling = 0.7, Categories = 3 }, device),
    ];

    /// <summary>Kernels on real units.</summary>
    /// <param name="scale">Deviation of the model in its narrowest direction: langevin keeps its step to that, the
    /// others adapt theirs.</param>
    /// <param name="range">Where the model is restricted to a range.</param>
    private static IReadOnlyList<SamplerSpec> OnReals(double scale, double[]? range = null)
    {
        var step = 0.1 * scale * scale;
        return
        [
            new LangevinSpec { Steps = Transitions, StepSize = step, Noise = Math.Sqrt(2 * step), Range = range },
            new MalaSpec { Steps = Transitions, StepSize = step, Range = range },
            new HmcSpec { Steps = 1, Leapfrog = Transitions, StepSize = 0.5 * scale, Jitter = 0.2, Range = range },
        ];
    }

    /// <summary>Kernels on binary and categorical units.</summary>
    private static IReadOnlyList<SamplerSpec> OnCategories { get; } =
    [
        new GibbsSpec { Steps = Transitions },
        new GwgSpec { Steps = Transitions },
        new DmalaSpec { Steps = Transitions },
    ];

    private static BenchModel Of(string name, ReferenceDistribution law, double scale, Device device) => new()
    {
        Name = name,
        Energy = law,
        Parameters = new Parameters(law.Layout, zeros(0, device: device)),
        Samplers = OnReals(scale),
    };

    /// <summary>A torus with one known coupling, below the one at which it would order.</summary>
    private static BenchModel Lattice(string name, PairwiseSpec spec, Device device)
    {
        var energy = EnergyFactory.Create(spec, 100);
        using var flat = energy.Initialise(KeyOf(0), new DataSummary(new float[100]));
        return new BenchModel
        {
            Name = name,
            Energy = energy,
            Parameters = new Parameters(energy.Layout, flat.to(device, copy: true)),
            Samplers = OnCategories,
        };
    }

    /// <summary>
    /// A network with weights three times as large as training would begin with, so that there is something to see.
    /// </summary>
    private static BenchModel Network(Device device)
    {
        var energy = MlpEnergy.Create(new MlpSpec { Hidden = [64, 64] }, 2);
        using var initial = energy.Initialise(KeyOf(1), new DataSummary([0, 0]));
        using Scalar factor = 3.0;
        return new BenchModel
        {
            Name = "mlp-2",
            Energy = energy,
            Parameters = new Parameters(energy.Layout, initial.mul(factor).to(device)),
            Samplers = OnReals(0.5, [-4, 4]),
        };
    }

    /// <summary>
    /// The random machine that Grathwohl et al. 2021 test samplers on: weights N(0, 0.05), biases N(0, 1).
    /// </summary>
    private static BenchModel Rbm(Device device)
    {
        const int Features = 100, Hidden = 25;
        var energy = new RbmEnergy(new RbmSpec { Hidden = Hidden, WeightScale = 0 }, Features);
        using var flat = zeros(energy.Layout.Length);
        Normal(flat, energy.Layout.Entries[0], 0.05f);
        Normal(flat, energy.Layout.Entries[1], 1);
        Normal(flat, energy.Layout.Entries[2], 1);
        return new BenchModel
        {
            Name = "rbm-25-100",
            Energy = energy,
            Parameters = new Parameters(energy.Layout, flat.to(device, copy: true)),
            Samplers = OnCategories,
        };
    }

    private static void Normal(Tensor flat, ParameterEntry entry, float deviation)
    {
        using var part = flat.narrow(0, entry.Offset, entry.Length);
        using var row = part.view(1, -1);
        NoiseFactory.On(CPU).AddNormal(row, deviation, new NoiseSite(KeyOf(2), (uint)entry.Offset));
    }

    private static RandomKey KeyOf(int model) => RandomKey.Derive(0, Purpose.Benchmark, model, 0);
}
