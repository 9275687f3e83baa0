using Ebm.Core;
using Ebm.Core.Datasets;
using Ebm.Core.Energies;
using Ebm.Core.Energies.Pairwise;
using Ebm.Core.Native;
using Ebm.Core.Plans;
using Ebm.Core.Randomness;
using Ebm.Core.Registry;
using Ebm.Core.Sampling;
using Ebm.Core.Spec;
using Ebm.Data.Files;
using static TorchSharp.torch;

namespace Ebm.Data.Generated;

/// <summary>Rows drawn from a model with known parameters, each the last state of its own Markov chain.</summary>
internal static class ModelData
{
    /// <summary>Draws rows on the CPU: a function of the spec and the seed.</summary>
    /// <param name="spec">Model, sampler and number of rows.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="limit">Most bytes of rows.</param>
    /// <exception cref="InputException">The rows exceed the limit, or the file of couplings is not valid.</exception>
    public static DataRows Generate(ModelDataSpec spec, ulong seed, long limit = DataFile.DefaultLimit)
    {
        TorchLibrary.EnsureLoaded();
        using var scope = NewDisposeScope();
        var (energy, parameters) = Model(spec);
        using var known = parameters;
        if ((long)spec.Count * energy.Space.Features > limit)
        {
            throw new InputException($"data.count: {spec.Count} rows of {energy.Space.Features} values exceed the "
                + $"limit of {limit} bytes.");
        }

        var sampler = SamplerFactory.Create(spec.Sampler);
        var (starts, moves) = (RandomKey.Derive(seed, Purpose.Toy, 0, 0), RandomKey.Derive(seed, Purpose.Toy, 0, 1));
        var noise = NoiseFactory.On(CPU);
        var stored = empty([spec.Count, energy.Space.Features], ScalarType.Byte);
        foreach (var (first, count) in RowBlocks.All(spec.Count))
        {
            using var inner = NewDisposeScope();
            var start = ChainStarts.Fresh(energy.Space, null, count, noise, new NoiseSite(starts, (uint)first), CPU);
            var end = sampler.Run(energy, known, start, new ChainBlock(noise, moves, (uint)first)).States.narrow(1, 0,
                energy.Space.Features);
            stored.narrow(0, first, count).copy_(end);
        }

        return new DataRows(stored, 1, 0, null, energy.Space.Image);
    }

    /// <summary>
    /// The symmetric couplings J of the model, [units width, units width]; the energy counts each pair once.
    /// </summary>
    public static Tensor Couplings(ModelDataSpec spec)
    {
        var (energy, parameters) = Model(spec);
        using var known = parameters;
        return energy.CouplingMatrix(known);
    }

    private static (PairwiseEnergy Energy, Parameters Parameters) Model(ModelDataSpec spec)
    {
        var pairs = (PairwiseSpec)spec.Energy;
        var units = pairs.Lattice is [var height, var width]
            ? height * width
            : CouplingsFile.Units(pairs.Couplings!, (pairs as PottsSpec)?.Categories ?? 1);
        var energy = (PairwiseEnergy)EnergyFactory.Create(pairs, units, couplings: CouplingsFile.Read);
        return (energy, new Parameters(energy.Layout, energy.Initialise(new RandomKey(0), new DataSummary([]))));
    }
}
