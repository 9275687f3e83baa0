using Ebm.Core.Randomness;
using Ebm.Core.Replay;
using Ebm.Core.Sampling;
using Ebm.Core.Spec;
using Ebm.Core.States;
using static TorchSharp.torch;

namespace Ebm.Core.Likelihood;

/// <summary>
/// Annealed importance sampling of one block of chains along a route. From the base to the model the mean weight
/// estimates Z_1 / Z_0, and from the model to the base Z_0 / Z_1, without bias (Neal 2001, eq. 12); so by Jensen's
/// inequality the one way gives log Z_1 from below and the other from above, each in expectation.
/// </summary>
public sealed class AisRun : IResumableWork
{
    private readonly Func<IAnnealedPath> _path;
    private readonly AnnealingSchedule _route;
    private readonly RandomKey _key;
    private readonly uint _firstChain;
    private readonly int _chains;
    private readonly StateCodec _codec;
    private int _done;
    private byte[]? _states;

    private AisRun(
        Func<IAnnealedPath> path, AnnealingSchedule route, RandomKey key, uint firstChain, int chains,
        StateSpace space, byte[]? states)
    {
        (_path, _route, _key, _firstChain, _chains, _states) = (path, route, key, firstChain, chains, states);
        _codec = StateCodec.For(StateEncoding.Auto, space, null);
        LogWeights = new double[chains];
    }

    /// <inheritdoc/>
    public long Done => _done;

    /// <inheritdoc/>
    public long Total => _route.Steps;

    /// <summary>Logarithm of each chain's importance weight so far, [chains].</summary>
    public double[] LogWeights { get; private set; }

    /// <summary>From draws of the base.</summary>
    /// <param name="path">Makes the path's tensors, in the caller's dispose scope.</param>
    /// <param name="space">The states.</param>
    /// <param name="route">From 0 to 1.</param>
    /// <param name="key">Key of the noise.</param>
    /// <param name="firstChain">Global number of the first chain.</param>
    /// <param name="chains">Number of chains.</param>
    public static AisRun Forward(
        Func<IAnnealedPath> path, StateSpace space, AnnealingSchedule route, RandomKey key, uint firstChain,
        int chains) =>
        new(path, route, key, firstChain, chains, space, null);

    /// <summary>From states of the model, encoded without loss; <paramref name="route"/> goes from 1 to 0.</summary>
    public static AisRun Back(
        Func<IAnnealedPath> path, StateSpace space, AnnealingSchedule route, RandomKey key, uint firstChain,
        int chains, byte[] states) =>
        new(path, route, key, firstChain, chains, space, states);

    /// <inheritdoc/>
    public void Go(Func<bool> goOn, INoise noise, Device device)
    {
        using var graphless = no_grad();
        using var scope = NewDisposeScope();
        var path = _path();
        var chains = new ChainBlock(noise, _key, _firstChain);
        var states = _states is null
            ? path.Base(_chains, noise, new NoiseSite(_key, _firstChain))
            : _codec.Decode(_states, _chains, device);
        var logWeights = tensor(LogWeights, device: device);
        do
        {
            _done++;
            states = path.Step(states, logWeights, _route.Change(_done), chains, (uint)_done).States;
        }
        while (_done < _route.Steps && goOn());

        LogWeights = logWeights.cpu().data<double>().ToArray();
        if (Array.Exists(LogWeights, w => !double.IsFinite(w)))
        {
            throw new EbmException(
                $"A log-weight of annealed importance sampling is not finite after step {_done} of {_route.Steps}: "
                + "the model's energies are not finite where the chains are, or too large for float32.");
        }

        _states = new byte[_chains * _codec.BytesPerState];
        _codec.Encode(states, _states);
    }
}
