using Ebm.Core.Datasets;
using Ebm.Core.Energies;
using Ebm.Core.Energies.Bases;
using Ebm.Core.Energies.Boltzmann;
using Ebm.Core.Plans;
using Ebm.Core.Randomness;
using Ebm.Core.Registry;
using Ebm.Core.Replay;
using Ebm.Core.Spec;
using Ebm.Core.States;
using static TorchSharp.torch;

namespace Ebm.Core.Likelihood;

/// <summary>
/// Which estimate is wanted. Everything that an estimate depends on besides the model and its chains.
/// </summary>
/// <param name="Settings">How much is done.</param>
/// <param name="Seed">Seed of everything random in it.</param>
/// <param name="Attempt">Attempt of the model's checkpoint.</param>
/// <param name="Round">Round of the model's checkpoint.</param>
public sealed record AnnealingRequest(AisSpec Settings, ulong Seed, int Attempt, long Round)
{
    /// <summary>Blocks of chains in each direction.</summary>
    public int Blocks => RowBlocks.Of(Settings.Chains);

    /// <summary>Steps of the pilot: a tenth of a chain's, within bounds.</summary>
    public int PilotSteps => Math.Clamp(Settings.Temperatures / 10, 250, 2000);

    internal RandomKey Key(Purpose purpose) => RandomKey.Derive(Seed, purpose, Attempt, Round);
}

/// <summary>
/// How log Z of a run's models is estimated: path, kernel and base follow from its spec and data. Immutable; gives out
/// the pieces of work of which an estimate consists. A pilot first, then every block's way to the model and every
/// block's way back, in any order.
/// </summary>
public sealed class AnnealedLikelihood
{
    /// <summary>
    /// Transitions of one application of the kernel at the model: so many that what it computes once is little.
    /// </summary>
    private const int MostPerTurn = 10;

    private readonly IEnergy _energy;
    private readonly Dataset _data;
    private readonly SamplerSpec _kernel;
    private readonly IBaseDistribution? _base;
    private readonly IndependentUnits? _uncoupled;

    /// <param name="spec">A spec whose sampler draws from its model.</param>
    /// <param name="energy">Its energy.</param>
    /// <param name="data">Its data.</param>
    /// <exception cref="InputException">The run's sampler draws nothing from a model, or the energy has
    /// classes.</exception>
    public AnnealedLikelihood(RunSpec spec, IEnergy energy, Dataset data)
    {
        if (energy.Classes > 0)
        {
            throw new InputException(
                "annealed importance sampling estimates one Z, and an energy with classes has one for each class; "
                + "of a small RBM the exact ones are computed (likelihood auto).");
        }

        (_energy, _data) = (energy, data);
        if (energy is IBlockGibbs machine)
        {
            (_kernel, _uncoupled) = (new GibbsSpec(), machine.Uncoupled(data));
        }
        else
        {
            _kernel = AnnealingKernel.Of(spec.Sampler);
            _base = energy is EnergyOverBase based ? based.Base
                : energy.Space.Units != UnitKind.Real ? DataMeanBase.Fit(energy.Space, data)
                : spec.Sampler.KeptRange() is [var low, var high] ? new UniformBase(energy.Space, low, high)
                : GaussianBase.Fit(energy.Space, data);
        }

        var path = energy switch { RbmEnergy => "rbm", IBlockGibbs => "parameter", _ => "energy" };
        Method = $"{path} path, {SpecShape.KindOf(_kernel.GetType())}";
    }

    /// <summary>Path and kernel in words.</summary>
    public string Method { get; }

    /// <summary>Finds where the others take small steps.</summary>
    public SchedulePilot Pilot(Parameters parameters, AnnealingRequest request) =>
        new(() => Path(parameters), _energy.Space, request.PilotSteps, request.Key(Purpose.AnnealPilot));

    /// <summary>One block's way from the base to the model.</summary>
    public AisRun Forward(Parameters parameters, AnnealingRequest request, PilotReport pilot, int block) =>
        AisRun.Forward(
        () => Path(parameters), _energy.Space, pilot.Route(request.Settings.Temperatures),
        request.Key(Purpose.AnnealForward),
        First(block), Count(request, block));

    /// <summary>One block's time at the model, and its way back to the base.</summary>
    /// <param name="parameters">The model.</param>
    /// <param name="request">The estimate.</param>
    /// <param name="pilot">The pilot's report.</param>
    /// <param name="block">Number of the block.</param>
    /// <param name="slots">Replay slots of the model's chains, one after the other; empty to start at training
    /// rows.</param>
    /// <param name="codec">How they are encoded.</param>
    public ReverseAisRun Back(
        Parameters parameters, AnnealingRequest request, PilotReport pilot, int block, ReadOnlyMemory<byte> slots,
        StateCodec codec)
    {
        var (settings, first, count) = (request.Settings, First(block), Count(request, block));
        var perTurn = Math.Min(settings.Sweeps, MostPerTurn);
        var settling = new Equilibration(
            _energy, parameters, SamplerFactory.Create(_kernel.WithTransitions(perTurn)),
            pilot.Tunings is [.., var last] ? last : [],
            (settings.Sweeps + perTurn - 1) / perTurn, request.Key(Purpose.Equilibrate), first,
            Starts(request, block, slots, codec), count);
        return new ReverseAisRun(settling, settings.Temperatures, states => AisRun.Back(
            () => Path(parameters), _energy.Space, pilot.Route(settings.Temperatures).Back(),
            request.Key(Purpose.AnnealReverse),
            first, count, states));
    }

    /// <summary>log Z of the base, in nats.</summary>
    public double BaseLogZ(Parameters parameters)
    {
        using var scope = NewDisposeScope();
        return Path(parameters).BaseLogZ;
    }

    /// <summary>The bracket of all blocks' results.</summary>
    /// <param name="request">The estimate.</param>
    /// <param name="baseLogZ">log Z of the base.</param>
    /// <param name="method"><see cref="Method"/>.</param>
    /// <param name="forward">Log-weights of the blocks on the way to the model.</param>
    /// <param name="back">Log-weights of the blocks on the way back.</param>
    /// <param name="looks">What was seen of the blocks at the model.</param>
    public static LogZBracket Bracket(
        AnnealingRequest request, double baseLogZ, string method, IEnumerable<double[]> forward,
        IEnumerable<double[]> back,
        IReadOnlyList<IReadOnlyList<double[]>> looks)
    {
        var key = request.Key(Purpose.Bootstrap);
        var copies = request.Settings.Copies;
        return new LogZBracket(
            baseLogZ,
            LogMeanWeight.Of([.. forward.SelectMany(w => w)], key),
            LogMeanWeight.Of([.. back.SelectMany(w => w)], key, copies),
            ConvergenceCheck.Of(looks, copies),
            method);
    }

    private static uint First(int block) => (uint)(block * RowBlocks.Size);

    private static int Count(AnnealingRequest request, int block) =>
        Math.Min(RowBlocks.Size, request.Settings.Chains - (block * RowBlocks.Size));

    private IAnnealedPath Path(Parameters parameters) => _energy switch
    {
        RbmEnergy rbm => new RbmPath(rbm, parameters, _uncoupled!),
        IBlockGibbs machine => new ParameterPath(machine, parameters, _uncoupled!),
        _ => new EnergyPath(_energy, parameters, _base!, SamplerFactory.Create(_kernel.WithTransitions(1))),
    };

    /// <summary>Groups of chains start at slots that are spread over all of them, or at training rows.</summary>
    private Func<INoise, Device, Tensor> Starts(
        AnnealingRequest request, int block, ReadOnlyMemory<byte> slots, StateCodec codec)
    {
        var copies = request.Settings.Copies;
        var groups = request.Settings.Chains / copies;
        var chains = Enumerable.Range(block * RowBlocks.Size, Count(request, block)).Select(chain => chain / copies);
        if (slots.IsEmpty)
        {
            var key = request.Key(Purpose.Equilibrate);
            var random = new KeyedRandom(key, Stream: 1);
            long[] rows = [.. chains.Select(group => (long)random.Below(_data.Train.Count, (uint)group))];
            return (noise, device) =>
                PositiveBatch.Rows(_data, rows, block * RowBlocks.Size, new BatchKeys(key, key), noise, device);
        }

        var all = slots.Length / codec.BytesPerState;
        byte[] encoded =
        [
            .. chains.Select(group => groups <= all ? (int)((long)group * all / groups) : group % all)
                .SelectMany(slot => slots.Slice(slot * codec.BytesPerState, codec.BytesPerState).ToArray()),
        ];
        return (_, device) => codec.Decode(encoded, encoded.Length / codec.BytesPerState, device);
    }
}
