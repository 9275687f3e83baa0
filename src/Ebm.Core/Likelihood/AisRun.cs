using Ebm.Core.Randomness;
using Ebm.Core.Replay;
using Ebm.Core.Sampling;
using Ebm.Core.Spec;
using Ebm.Core.States;
using static TorchSharp.torch;

namespace Ebm.Core.Likelihood;

/// <summary>
/// Annealed importance sampling (AIS) of one block of chains along a schedule. From the base to the model the mean
/// weight is an unbiased estimate of Z_1 / Z_0, and from the model to the base of Z_0 / Z_1 (Neal 2001, eq. 12). By
/// Jensen's inequality, in expectation the forward run underestimates log Z_1, and the reverse run overestimates it.
/// </summary>
internal sealed class AisRun : IResumableWork
{
    private readonly Func<IAnnealedPath> _path;
    private readonly AnnealingSchedule _schedule;
    private readonly RandomKey _key;
    private readonly uint _firstChain;
    private readonly int _chains;
    private readonly StateCodec _codec;
    private int _done;
    private byte[]? _states;

    private AisRun(
        Func<IAnnealedPath> path,
        AnnealingSchedule schedule,
        RandomKey key,
        uint firstChain,
        int chains,
        StateSpace space,
        byte[]? states)
    {
        (_path, _schedule, _key, _firstChain, _chains, _states) = (path, schedule, key, firstChain, chains, states);
        _codec = StateCodec.For(StateEncoding.Auto, space, null);
        LogWeights = new double[chains];
    }

    /// <inheritdoc/>
    public long Done => _done;

    /// <inheritdoc/>
    public long Total => _schedule.Steps;

    /// <summary>Log importance weights of the chains so far, [chains].</summary>
    public double[] LogWeights { get; private set; }

    /// <summary>A forward run: from samples of the base.</summary>
    /// <param name="path">Creates the path and its tensors in the caller's dispose scope.</param>
    /// <param name="space">Space of the states.</param>
    /// <param name="schedule">Inverse temperatures from 0 to 1.</param>
    /// <param name="key">Key of the noise.</param>
    /// <param name="firstChain">Global number of the first chain.</param>
    /// <param name="chains">Number of chains.</param>
    public static AisRun Forward(
        Func<IAnnealedPath> path,
        StateSpace space,
        AnnealingSchedule schedule,
        RandomKey key,
        uint firstChain,
        int chains) =>
        new(path, schedule, key, firstChain, chains, space, null);

    /// <summary>
    /// A reverse run: from losslessly encoded states of the model; <paramref name="schedule"/> leads from 1 to 0.
    /// </summary>
    public static AisRun Back(
        Func<IAnnealedPath> path,
        StateSpace space,
        AnnealingSchedule schedule,
        RandomKey key,
        uint firstChain,
        int chains,
        byte[] states) =>
        new(path, schedule, key, firstChain, chains, space, states);

    /// <inheritdoc/>
    public void Advance(Func<bool> shouldContinue, INoise noise, Device device)
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
            states = path.Step(states, logWeights, _schedule.Change(_done), chains, (uint)_done).States;
        }
        while (_done < _schedule.Steps && shouldContinue());

        LogWeights = logWeights.cpu().data<double>().ToArray();
        if (Array.Exists(LogWeights, w => !double.IsFinite(w)))
        {
            throw new EbmException(
                $"Annealed importance sampling: a log-weight is not finite after step {_done} of {_schedule.Steps}. "
                + "The model's energies at the chains are not finite, or too large for float32.");
        }

        _states = new byte[_chains * _codec.BytesPerState];
        _codec.Encode(states, _states);
    }
}
