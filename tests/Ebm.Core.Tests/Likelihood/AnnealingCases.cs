using Ebm.Core.Datasets;
using Ebm.Core.Energies;
using Ebm.Core.Energies.Boltzmann;
using Ebm.Core.Likelihood;
using Ebm.Core.Native;
using Ebm.Core.Randomness;
using Ebm.Core.Registry;
using Ebm.Core.Replay;
using Ebm.Core.Spec;
using static TorchSharp.torch;

namespace Ebm.Core.Tests.Likelihood;

/// <summary>Small models with data of their own, and whole estimates of their log Z on this thread.</summary>
internal static class AnnealingCases
{
    static AnnealingCases() => TorchLibrary.EnsureLoaded();

    /// <summary>An RBM whose weights are N(0, scale^2) and whose biases are N(0, 1), by seed.</summary>
    public static (RbmEnergy Energy, Parameters Parameters) Rbm(int visible, int hidden, float scale, ulong seed)
    {
        using var scope = NewDisposeScope();
        var energy = new RbmEnergy(new RbmSpec { Hidden = hidden }, visible);
        var flat = zeros(energy.Layout.Length);
        var weights = visible * hidden;
        NoiseFactory.On(CPU).AddNormal(
            flat.narrow(0, 0, weights).view(1, -1), scale, new NoiseSite(new RandomKey(seed), 0));
        NoiseFactory.On(CPU).AddNormal(
            flat.narrow(0, weights, visible + hidden).view(1, -1), 1, new NoiseSite(new RandomKey(seed), 1));
        return (energy, new Parameters(energy.Layout, flat));
    }

    /// <summary>Binary rows whose units are on with probabilities from 0.2 to 0.8.</summary>
    public static Dataset Data(int units, int rows = 500)
    {
        using var scope = NewDisposeScope();
        var uniform = empty(rows, units);
        NoiseFactory.On(CPU).FillUniform(uniform, new NoiseSite(new RandomKey(99), 0));
        return Data(uniform.lt(linspace(0.2, 0.8, units, ScalarType.Float32)).to_type(ScalarType.Float32));
    }

    /// <summary>Training rows alone.</summary>
    public static Dataset Data(Tensor rows) => new(
        new DataRows(rows, 1, 0, null, null), Empty(rows.shape[1]), Empty(rows.shape[1]), "test");

    /// <summary>
    /// A complete estimate, piece after piece; chains equilibrate from <paramref name="slots"/> [n, features].
    /// </summary>
    public static LogZBracket Estimate(
        AnnealedLikelihood likelihood, IEnergy energy, Parameters parameters, AnnealingRequest request, Tensor slots)
    {
        var codec = StateCodec.For(StateEncoding.Auto, energy.Space, null);
        var encoded = new byte[slots.shape[0] * codec.BytesPerState];
        codec.Encode(slots, encoded);
        var pilot = Finish(likelihood.Pilot(parameters, request)).Report;
        var blocks = Enumerable.Range(0, request.Blocks).ToArray();
        var forward = blocks.Select(b => Finish(likelihood.Forward(parameters, request, pilot, b)).LogWeights)
            .ToArray();
        var back = blocks.Select(b => Finish(likelihood.Back(parameters, request, pilot, b, encoded, codec))).ToArray();
        return AnnealedLikelihood.Bracket(
            request, likelihood.BaseLogZ(parameters), likelihood.Method, forward, back.Select(b => b.LogWeights),
            [.. back.Select(b => b.Traces)]);
    }

    /// <summary>Does work to its end, in pieces of <paramref name="piece"/> steps.</summary>
    public static T Finish<T>(T work, int piece = int.MaxValue)
        where T : IResumableWork
    {
        while (work.Done < work.Total)
        {
            var left = piece;
            work.Advance(() => --left > 0, NoiseFactory.On(CPU), CPU);
        }

        return work;
    }

    /// <summary>Fully connected spins with couplings N(0, scale^2) and fields N(0, 1), by seed.</summary>
    public static (IEnergy Energy, Parameters Parameters) Spins(int units, float scale, ulong seed)
    {
        using var scope = NewDisposeScope();
        var energy = EnergyFactory.Create(new IsingSpec { LearnField = true }, units);
        var flat = zeros(energy.Layout.Length);
        var pairs = energy.Layout.Length - units;
        NoiseFactory.On(CPU).AddNormal(
            flat.narrow(0, 0, pairs).view(1, -1), scale, new NoiseSite(new RandomKey(seed), 0));
        NoiseFactory.On(CPU).AddNormal(
            flat.narrow(0, pairs, units).view(1, -1), 1, new NoiseSite(new RandomKey(seed), 1));
        return (energy, new Parameters(energy.Layout, flat));
    }

    /// <summary>
    /// A machine with Gaussian visible units of deviation 1, weights N(0, scale^2) and biases N(0, 1), and its
    /// Z = (2 pi)^(n/2) sum_h exp(c.h + (|b + Wh|^2 - |b|^2) / 2), which is a sum over hidden states in double.
    /// </summary>
    public static (IEnergy Energy, Parameters Parameters, double LogZ) Gaussian(
        int visible, int hidden, float scale, ulong seed)
    {
        using var scope = NewDisposeScope();
        var energy = new GaussianRbmEnergy(new GaussianRbmSpec { Hidden = hidden, Sigma = 1 }, visible);
        using var binary = Rbm(visible, hidden, scale, seed).Parameters;
        var parameters = new Parameters(energy.Layout, binary.Flat.clone());
        var states = Energies.EnergyCases.Cube(hidden);
        Tensor Double(string name) => parameters[name].to_type(ScalarType.Float64);
        var (w, b, c) = (Double("weight"), Double("visible.bias"), Double("hidden.bias"));
        var mean = b + states.mm(w.t());
        var exponents = states.mv(c) + ((mean.pow(2).sum(1) - b.pow(2).sum()) / 2);
        return (energy, parameters, (visible * Math.Log(2 * Math.PI) / 2) + exponents.logsumexp(0).item<double>());
    }

    /// <summary>Real rows, N(0, 2^2).</summary>
    public static Dataset RealData(int units, int rows = 500)
    {
        using var scope = NewDisposeScope();
        var values = zeros(rows, units);
        NoiseFactory.On(CPU).AddNormal(values, 2, new NoiseSite(new RandomKey(98), 0));
        return Data(values);
    }

    /// <summary>
    /// Independent draws from a model's distribution, by enumeration of its binary states; [count, units].
    /// </summary>
    public static Tensor Exact(IEnergy energy, Parameters parameters, int count, ulong seed)
    {
        using var scope = NewDisposeScope();
        var cube = Energies.EnergyCases.Cube(energy.Space.Features).to_type(ScalarType.Float32);
        var cumulative = energy.Energy(parameters, cube).to_type(ScalarType.Float64).neg().softmax(0).cumsum(0);
        var uniform = empty(count, 1);
        NoiseFactory.On(CPU).FillUniform(uniform, new NoiseSite(new RandomKey(seed), 0, Step: 77));
        var index = uniform.to_type(ScalarType.Float64).gt(cumulative).sum(1).clamp_max(cube.shape[0] - 1);
        return cube.index_select(0, index).MoveToOuterDisposeScope();
    }

    private static DataRows Empty(long features) => new(zeros(0, features), 1, 0, null, null);
}
