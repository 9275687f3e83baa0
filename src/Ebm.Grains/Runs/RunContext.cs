using System.Collections.Concurrent;
using Ebm.ScriptProbe;
using Ebm.Data.Generated;
using Ebm.Core.Datasets;
using Ebm.Core.Energies;
using Ebm.Core.Evaluation;
using Ebm.Core.Learning;
using Ebm.Core.Likelihood;
using Ebm.Core.Plans;
using Ebm.Core.Recovery;
using Ebm.Core.Registry;
using Ebm.Core.Replay;
using Ebm.Core.Sampling;
using Ebm.Core.Spec;
using Ebm.Data.Loading;

namespace Ebm.Grains.Runs;

/// <summary>
/// Everything a silo derives from a run's spec and data, once: immutable, shared by all grains of the run there.
/// </summary>
internal sealed class RunContext
{
    private readonly ConcurrentDictionary<int, BatchPlan> _batches = new();
    private readonly Lazy<AnnealedLikelihood> _annealed;
    private readonly ConcurrentDictionary<SamplerChange, NegativePhase> _negatives = new();

    /// <summary>Derives it.</summary>
    /// <exception cref="Core.InputException">Spec and data do not fit together.</exception>
    public RunContext(string id, RunSpec spec, Dataset data)
    {
        (Id, Spec, Data) = (id, spec, data);
        SpecDataCheck.Check(spec.Energy, data);
        ModuleProbe.Check(spec, data);
        Plan = RunPlan.For(spec, data.Train.Count);
        Energy = EnergyFactory.Create(spec.Energy, data, CouplingsFile.Read);
        ModuleDigest = EnergyFactory.ModuleDigest(Energy);
        Sampler = SamplerFactory.Create(spec.Sampler);
        Range = spec.Sampler.KeptRange() is [var low, var high] ? ((float)low, (float)high) : null;
        Codec = StateCodec.For(Plan.Encoding, Energy.Space, Range, Sampler.Replicas);
        EvaluationCheck.Check(spec, Energy, data);
        _annealed = new(() => new AnnealedLikelihood(spec.Sampler, Energy, data));
        RollbackPoints = new RollbackPoints(
            spec.Output.CheckpointEvery, new DivergenceDetector(spec.Recovery, Energy.Space.Features).DetectionDelay)
        {
            Outcomes = Plan.Outcomes,
        };
        Classes = ChainClasses.For(spec, Plan, data.Train);
        Gradients = new GradientPhases(spec.Learning, Energy, Codec, data, Classes);
        Trainer = new Trainer(
            Energy.Layout, TrainerOptions.Of(spec, Plan.Rounds, Energy.Space.Features));
    }

    /// <summary>The run.</summary>
    public string Id { get; }

    /// <summary>Its spec.</summary>
    public RunSpec Spec { get; }

    /// <summary>Its data.</summary>
    public Dataset Data { get; }

    /// <summary>Rounds, shards and what is due when.</summary>
    public RunPlan Plan { get; }

    /// <summary>The model.</summary>
    public IEnergy Energy { get; }

    /// <summary>SHA-256 (hex) of the file that the energy is read from; null where it is read from none.</summary>
    public string? ModuleDigest { get; }

    /// <summary>The Markov kernel of the spec.</summary>
    public ISampler Sampler { get; }

    /// <summary>The range that the sampler keeps real units in, where it does.</summary>
    public (float Low, float High)? Range { get; }

    /// <summary>How states are stored and sent.</summary>
    public StateCodec Codec { get; }

    /// <summary>The model's side of a round, with the spec's sampler.</summary>
    public NegativePhase Negatives => NegativesOf(default);

    /// <summary>Where a rollback may go to.</summary>
    public RollbackPoints RollbackPoints { get; }

    /// <summary>Of which class each chain is; null where the energy has no classes.</summary>
    public ChainClasses? Classes { get; }

    /// <summary>The gradient's two sides.</summary>
    public GradientPhases Gradients { get; }

    /// <summary>The update.</summary>
    public Trainer Trainer { get; }

    /// <summary>How log Z of the run's models is estimated; to be asked for on a lane.</summary>
    /// <exception cref="Core.InputException">The run's sampler draws nothing from a model.</exception>
    public AnnealedLikelihood Annealed => _annealed.Value;

    /// <summary>Whether chains live in replay slots between rounds.</summary>
    public bool HasSlots => Spec.Negatives.Start == ChainStart.Buffer;

    /// <summary>The model's side of a round, with the sampler of an attempt.</summary>
    public NegativePhase NegativesOf(SamplerChange change) => _negatives.GetOrAdd(change, c => new NegativePhase(
        ChainInitialisation.Of(Spec),
        Energy,
        SamplerFactory.Create(c.Apply(Spec.Sampler, Spec.Recovery)),
        Codec,
        Data));

    /// <summary>Which data rows each round of an attempt uses.</summary>
    public BatchPlan Batches(int attempt) => _batches.GetOrAdd(
        attempt, a => new BatchPlan(Spec.Seed, a, Data.Train.Count, Spec.Learning.Batch));
}
