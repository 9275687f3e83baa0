using Ebm.Core.Datasets;
using Ebm.Core.Diagnostics;
using Ebm.Core.Energies;
using Ebm.Core.Energies.Boltzmann;
using Ebm.Core.Learning;
using Ebm.Core.Native;
using Ebm.Core.Plans;
using Ebm.Core.Randomness;
using Ebm.Core.Recovery;
using Ebm.Core.Registry;
using Ebm.Core.Replay;
using Ebm.Core.Sampling;
using Ebm.Core.Spec;
using static TorchSharp.torch;

namespace Ebm.Core.Training;

/// <summary>
/// Trains an energy by contrastive divergence in this process, round by round (Hinton 2002; Tieleman 2008 for the
/// persistent chains). The result is a function of energy, sampler, data and options: the parameters that
/// <c>ebm train</c> gives for the same spec. Not thread-safe; it uses threads itself.
/// </summary>
public sealed class ContrastiveDivergence : IDisposable
{
    private const int Attempt = 0;

    private readonly IEnergy _energy;
    private readonly TrainingOptions _options;
    private readonly Device _device;
    private readonly INoise _noise;
    private readonly BlockThreads _threads;
    private readonly StateCodec _codec;
    private readonly BatchPlan _batches;
    private readonly GradientPhases _gradients;
    private readonly NegativePhase _negatives;
    private readonly Trainer _trainer;
    private readonly TrainerState _state;
    private readonly TrainingShard[] _shards;
    private readonly Dictionary<long, Parameters> _versions = [];

    /// <summary>Prepares the training with a kernel of the library.</summary>
    /// <exception cref="InputException">Data or options do not fit the energy.</exception>
    public ContrastiveDivergence(IEnergy energy, SamplerSpec sampler, Dataset data, TrainingOptions? options = null)
        : this(
            energy, Create(sampler, energy), data,
            (options ?? new()) with { Range = sampler.KeptRange() ?? options?.Range }, sampler)
    {
    }

    /// <summary>Prepares the training with any kernel.</summary>
    /// <exception cref="InputException">Data or options do not fit the energy.</exception>
    public ContrastiveDivergence(IEnergy energy, ISampler sampler, Dataset data, TrainingOptions? options = null)
        : this(energy, sampler, data, options ?? new(), null)
    {
    }

    private ContrastiveDivergence(
        IEnergy energy, ISampler sampler, Dataset data, TrainingOptions options, SamplerSpec? spec)
    {
        TorchLibrary.EnsureLoaded();
        TrainingCheck.Check(energy, data, options);
        (_energy, _options, _device) = (energy, options, options.Device ?? CPU);
        var (learning, negatives) = (options.Learning, options.Negatives);
        Rounds = RunPlan.RoundsOf(learning, data.Train.Count);
        _noise = NoiseFactory.On(_device);
        _threads = new BlockThreads(_device, options.Threads);
        _codec = StateCodec.For(
            negatives.Encoding, energy.Space,
            options.Range is [var low, var high] ? ((float)low, (float)high) : null, sampler.Replicas);
        _batches = new BatchPlan(options.Seed, Attempt, data.Train.Count, learning.Batch);
        _gradients = new GradientPhases(learning, energy, _codec, data);
        _negatives = new NegativePhase(
            new ChainInitialisation(negatives.Start, options.Range, learning.DataNoise), energy, sampler, _codec, data);
        _trainer = new Trainer(energy.Layout, new TrainerOptions
        {
            Learning = learning,
            Negatives = negatives,
            Sampler = sampler,
            SamplerSpec = spec,
            Recovery = options.Recovery,
            Rounds = Rounds,
            Features = energy.Space.Features,
            OffsetRate = (energy as RbmEnergy)?.OffsetRate,
        });
        _shards =
        [
            .. ShardPlan.Divide(negatives).Select(
                shard => new TrainingShard(shard, negatives, options.Seed, _codec, _negatives, _noise, _device)),
        ];
        var key = RandomKey.Derive(options.Seed, Purpose.InitialParameters, Attempt, 0);
        _state = BlockThreads.Run(() =>
        {
            var summary = DatasetStatistics.Of(data);
            return _trainer.Initialise(energy.Initialise(key, summary), summary, _device);
        });
        _versions[0] = Share();
    }

    /// <summary>Rounds in total.</summary>
    public long Rounds { get; }

    /// <summary>Rounds so far.</summary>
    public long Round => _state.Version;

    /// <summary>Trains for all rounds with a kernel of the library. The caller disposes of the model.</summary>
    /// <param name="energy">The energy.</param>
    /// <param name="sampler">The Markov kernel and its options.</param>
    /// <param name="data">The data.</param>
    /// <param name="options">The options.</param>
    /// <param name="onRound">Receives the metrics of each round.</param>
    /// <exception cref="InputException">Data or options do not fit the energy.</exception>
    /// <exception cref="DivergedException">Training has diverged.</exception>
    public static TrainedModel Train(
        IEnergy energy, SamplerSpec sampler, Dataset data, TrainingOptions? options = null,
        Action<RoundMetrics>? onRound = null)
    {
        using var training = new ContrastiveDivergence(energy, sampler, data, options);
        return training.Finish(onRound);
    }

    /// <summary>Trains for all rounds with any kernel. The caller disposes of the model.</summary>
    /// <inheritdoc cref="Train(IEnergy, SamplerSpec, Dataset, TrainingOptions, Action{RoundMetrics})"/>
    public static TrainedModel Train(
        IEnergy energy, ISampler sampler, Dataset data, TrainingOptions? options = null,
        Action<RoundMetrics>? onRound = null)
    {
        using var training = new ContrastiveDivergence(energy, sampler, data, options);
        return training.Finish(onRound);
    }

    /// <summary>Computes one round: negatives, both phases of the gradient, and the update.</summary>
    /// <returns>Metrics of the round.</returns>
    /// <exception cref="DivergedException">Training has diverged; the model of the round before is lost.</exception>
    public RoundMetrics Step()
    {
        var round = _state.Version + 1;
        if (round > Rounds)
        {
            throw new InvalidOperationException($"The training has made all of its {Rounds} rounds.");
        }

        var keys = new RoundKeys(_options.Seed, Attempt, round);
        var batch = _batches.Indices(round);
        var current = _versions[_state.Version];
        var (negatives, chains) = SampleNegatives(
            _versions[OldestFor(round)], keys, _options.Negatives.Start == ChainStart.Data ? batch : []);
        Trainer.Check(chains, round);
        var penalty = _options.Learning.EnergyL2;
        using var positive = _threads.Sum(
            _gradients.DataBlocks, block => _gradients.OfData(current, keys, batch, block, _noise, penalty));
        using var negative = _threads.Sum(
            negatives.Length,
            block => _gradients.OfNegatives(current, negatives[block], _options.Negatives.Chains, penalty));
        var applied = BlockThreads.Run(() => _trainer.Apply(_state, positive, negative, chains));
        applied.Previous.Dispose();
        if (applied.Violation is { } violation)
        {
            throw new DivergedException(
                $"Round {round}: {violation}. Training has diverged, or its limits are too strict for its start. Use "
                + "more sampler steps or another rate, or set Recovery.OnDivergence to Ignore.", violation);
        }

        _versions[round] = Share();
        foreach (var old in _versions.Keys.Where(version => version < OldestFor(round + 1)).ToArray())
        {
            _versions[old].Dispose();
            _versions.Remove(old);
        }

        return applied.Metrics;
    }

    /// <summary>
    /// The model after the rounds so far: the moving average of the parameters if the options keep one. The caller
    /// disposes of it.
    /// </summary>
    public TrainedModel ToModel() => BlockThreads.Run(() => new TrainedModel(
        _energy, new Parameters(
            _energy.Layout, (_state.Average ?? _state.Parameters).clone(), _state.TuningOf(_state.Version))));

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var version in _versions.Values)
        {
            version.Dispose();
        }

        _state.Dispose();
    }

    private static ISampler Create(SamplerSpec sampler, IEnergy energy)
    {
        TrainingCheck.CheckSampler(sampler, energy);
        return SamplerFactory.Create(sampler);
    }

    private TrainedModel Finish(Action<RoundMetrics>? onRound)
    {
        while (Round < Rounds)
        {
            var metrics = Step();
            onRound?.Invoke(metrics);
        }

        return ToModel();
    }

    /// <summary>Runs all chains; returns the encoded negatives by block, and the metrics of the chains.</summary>
    private (byte[][] States, ChainMetrics Chains) SampleNegatives(Parameters version, RoundKeys keys, long[] batch)
    {
        BlockStart[] starts = [.. _shards.SelectMany(shard => shard.Begin(keys, batch))];
        var drawn = _threads.Map(starts.Length, block => _negatives.Run(version, keys, starts[block], _noise));
        var first = 0;
        var chains = new ChainMetrics[_shards.Length];
        for (var i = 0; i < _shards.Length; i++)
        {
            var blocks = drawn[first..(first += _shards[i].Blocks)];
            chains[i] = BlockTree.Reduce(blocks.Length, block => blocks[block].Metrics, ChainMetrics.Add);
            if (chains[i].NonFinite == 0)
            {
                _shards[i].End([.. blocks.SelectMany(b => b.States)]);
            }
        }

        return (
            [.. drawn.Select(d => d.States)], BlockTree.Reduce(chains.Length, i => chains[i], ChainMetrics.Add));
    }

    private long OldestFor(long round) => Math.Max(0, round - 1 - _options.Learning.Lag);

    private Parameters Share() =>
        new(_energy.Layout, _state.Parameters.alias(), _state.TuningOf(_state.Version));
}
