using Ebm.Core.Randomness;
using Ebm.Core.Replay;
using Ebm.Core.Sampling;
using static TorchSharp.torch;

namespace Ebm.Core.Likelihood;

/// <summary>A block of chains on its way along a path.</summary>
/// <param name="FirstChain">Global number of the first chain.</param>
/// <param name="Done">Steps made.</param>
/// <param name="States">The chains' states, encoded.</param>
/// <param name="LogWeights">Logarithm of each chain's importance weight so far.</param>
public sealed record AnnealedBlock(uint FirstChain, int Done, byte[] States, double[] LogWeights);

/// <summary>
/// Annealed importance sampling along a path, a block of chains and a stretch of steps at a time. From the base to the model the
/// mean weight estimates Z_1 / Z_0, and from the model to the base Z_0 / Z_1, without bias (Neal 2001, eq. 12); so by Jensen's
/// inequality the first gives log Z_1 from below and the second from above, each in expectation.
/// </summary>
/// <param name="path">The distributions.</param>
/// <param name="route">Where it goes.</param>
/// <param name="codec">How states rest between stretches.</param>
/// <param name="key">Key of the walk's noise.</param>
public sealed class Annealing(IAnnealedPath path, Route route, StateCodec codec, RandomKey key)
{
    /// <summary>Steps of the whole walk.</summary>
    public int Steps => route.Steps;

    /// <summary>Chains drawn from the base.</summary>
    public AnnealedBlock FromBase(uint firstChain, int chains, INoise noise)
    {
        using var scope = NewDisposeScope();
        return From(firstChain, path.Base(chains, noise, new NoiseSite(key, firstChain)));
    }

    /// <summary>Chains that start at <paramref name="states"/>, [chains, features].</summary>
    public AnnealedBlock From(uint firstChain, Tensor states)
    {
        var encoded = new byte[states.shape[0] * codec.BytesPerState];
        codec.Encode(states, encoded);
        return new AnnealedBlock(firstChain, 0, encoded, new double[states.shape[0]]);
    }

    /// <summary>Goes on by at most <paramref name="steps"/> steps; reads from the device once.</summary>
    /// <exception cref="EbmException">A weight is not finite.</exception>
    public AnnealedBlock Advance(AnnealedBlock block, int steps, INoise noise, Device device)
    {
        using var graphless = no_grad();
        using var scope = NewDisposeScope();
        var states = codec.Decode(block.States, block.LogWeights.Length, device);
        var logWeights = tensor(block.LogWeights, device: device);
        var end = Math.Min(Steps, block.Done + steps);
        var chains = new ChainBlock(noise, key, block.FirstChain);
        for (var step = block.Done + 1; step <= end; step++)
        {
            states = path.Step(states, logWeights, route.Change(step), chains, (uint)step).States;
        }

        var weights = logWeights.cpu().data<double>().ToArray();
        if (weights.FirstOrDefault(w => !double.IsFinite(w), 0) is var bad && bad != 0)
        {
            throw new EbmException(
                $"A log-weight of annealed importance sampling is {bad} after step {end} of {Steps}: "
                + "the model's energies are not finite there, or too large for float32.");
        }

        return From(block.FirstChain, states) with { Done = end, LogWeights = weights };
    }
}
