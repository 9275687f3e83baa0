using Ebm.Core.Energies;
using Ebm.Core.Native;
using Ebm.Core.Randomness;
using Ebm.Core.States;
using static TorchSharp.torch;

namespace Ebm.Core.Sampling;

/// <summary>
/// A Markov kernel, applied a fixed number of times. Pure: (energy, parameters, state, key) in, (state, info) out.
/// </summary>
public interface ISampler
{
    /// <summary>Transitions that one call to <see cref="Run"/> makes.</summary>
    int Steps { get; }

    /// <summary>
    /// States that a chain consists of, side by side, the model's first; those of more than one are <c>replicas</c>.
    /// </summary>
    int Replicas => 1;

    /// <summary>
    /// Runs <see cref="Steps"/> transitions of the chains in <paramref name="states"/> [chains, features], which is
    /// left as it is, or [chains, replicas * features]; row i is global chain <c>block.FirstChain + i</c>.
    /// </summary>
    /// <remarks>What the kernel adapts it takes from <see cref="Parameters.Tuning"/>; where that is empty, from its
    /// start.</remarks>
    SamplerResult Run(
        IEnergy energy, Parameters parameters, Tensor states, ChainBlock block, ClampedUnits? clamp = null);

    /// <summary>
    /// The numbers that the kernel adapts over the rounds, as they are at first; empty where it adapts nothing.
    /// </summary>
    IReadOnlyList<double> InitialTuning => [];

    /// <summary>
    /// Those numbers after a round that used <paramref name="tuning"/>. A function of its arguments by basic arithmetic
    /// alone, which every machine computes to the same bits.
    /// </summary>
    /// <param name="tuning">The numbers that the round's chains used.</param>
    /// <param name="metrics">Metrics of all chains of the round.</param>
    /// <param name="round">The round, from 1.</param>
    IReadOnlyList<double> Adapt(IReadOnlyList<double> tuning, ChainMetrics metrics, long round) => tuning;
}

/// <summary>Which chains a tensor of states holds, and the randomness of their transitions.</summary>
/// <param name="Noise">Keyed noise on the states' device.</param>
/// <param name="Key">The round's sampler key.</param>
/// <param name="FirstChain">Global number of the chain in row 0.</param>
public readonly record struct ChainBlock(INoise Noise, RandomKey Key, uint FirstChain)
{
    /// <summary>Where the noise of one draw of one step begins.</summary>
    public NoiseSite At(int step, int draw) => new(Key, FirstChain, (uint)step, (uint)draw);
}

/// <summary>Coordinates that stay as they are (inpainting).</summary>
/// <param name="Known">1 where the coordinate is fixed, else 0; [chains, features] or broadcastable to it.</param>
/// <param name="Values">The fixed values; [chains, features] or broadcastable to it.</param>
public sealed record ClampedUnits(Tensor Known, Tensor Values)
{
    /// <summary>Puts the fixed values back into <paramref name="states"/>; returns a new tensor.</summary>
    public Tensor Apply(Tensor states) => where(Known.to_type(ScalarType.Bool), Values, states);
}

/// <summary>New states [chains, features] and statistics of the transitions.</summary>
public readonly record struct SamplerResult(Tensor States, SamplerInfo Info);

/// <summary>Means over the chains and steps of one call; NaN where a kernel has no such figure.</summary>
/// <param name="Acceptance">Share of accepted proposals.</param>
/// <param name="GradientNorm">Norm of dE/dx at the visited states, before clipping.</param>
/// <param name="JumpDistance">Squared Euclidean distance from a chain's first state to its last; of binary and
/// categorical states the units changed.</param>
/// <param name="SwapAcceptance">Share of accepted exchanges between replicas.</param>
/// <param name="NonFinite">Chains whose final state holds a value that is not finite.</param>
public readonly record struct SamplerInfo(
    double Acceptance, double GradientNorm, double JumpDistance, double SwapAcceptance, int NonFinite)
{
    /// <summary>Statistics that follow from the states alone; reads from the device once.</summary>
    /// <param name="first">States before the call, [chains, features].</param>
    /// <param name="last">States after it.</param>
    /// <param name="units">What their units are: category numbers have no distance.</param>
    public static SamplerInfo Of(Tensor first, Tensor last, UnitKind units = UnitKind.Real)
    {
        using var scope = NewDisposeScope();
        var change = units == UnitKind.Categorical ? last.ne(first) : last.sub(first).Squared();
        var jump = change.sum(1, type: ScalarType.Float64).mean().unsqueeze(0);
        var finite = last.isfinite().all(1).sum().to_type(ScalarType.Float64).unsqueeze(0);
        var values = cat([jump, finite]).cpu().data<double>();
        return new SamplerInfo(double.NaN, double.NaN, values[0], double.NaN, (int)(last.shape[0] - (long)values[1]));
    }
}
