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

/// <summary>An estimate of log Z: all its inputs except the model and its chains.</summary>
/// <param name="Settings">Effort: chains, temperatures, sweeps.</param>
/// <param name="Seed">Seed of its random streams.</param>
/// <param name="Attempt">Attempt of the model's checkpoint.</param>
/// <param name="Round">Round of the model's checkpoint.</param>
internal sealed record AnnealingRequest(AisSpec Settings, ulong Seed, int Attempt, long Round)
{
    /// <summary>Blocks of chains in each direction.</summary>
    public int Blocks => RowBlocks.Count(Settings.Chains);

    /// <summary>Steps of the pilot: a tenth of the temperatures, within bounds.</summary>
    public int PilotSteps => Math.Clamp(Settings.Temperatures / 10, 250, 2000);

    internal RandomKey Key(Purpose purpose) => RandomKey.Derive(Seed, purpose, Attempt, Round);
}

/// <summary>
/// Estimates log Z of a run's models. Path, kernel and base follow from the spec and the data. Immutable; creates the
/// parts of an estimate: first a pilot, then for every block a forward and a reverse AIS run, in any order.
/// </summary>
internal sealed class AnnealedLikelihood
{
    /// <summary>Transitions per application of the kernel at the model; several of them share its fixed cost.</summary>
    private const int MostPerTurn = 10;

    private readonly IEnergy _energy;
    private readonly Dataset _data;
    private readonly SamplerSpec _kernel;
    private readonly IBaseDistribution? _base;
    private readonly IndependentUnits? _uncoupled;

    /// <param name="sampler">A sampler of the model.</param>
    /// <param name="energy">Its energy.</param>
    /// <param name="data">Its data.</param>
    /// <exception cref="InputException">
    /// The run's sampler does not sample the model, or the energy has classes.
    /// </exception>
    public AnnealedLikelihood(SamplerSpec sampler, IEnergy energy, Dataset data)
    {
        if (energy.Classes > 0)
        {
            throw new InputException(
                "annealed importance sampling estimates a single Z; an energy with classes has one for each class. "
                + "Use `likelihood: auto`, which is exact for a small RBM.");
        }

        (_energy, _data) = (energy, data);
        if (energy is IBlockGibbs machine)
        {
            (_kernel, _uncoupled) = (new GibbsSpec(), machine.Uncoupled(data));
        }
        else
        {
            _kernel = AnnealingKernel.Of(sampler);
            _base = energy is EnergyOverBase based ? based.Base
                : energy.Space.Units != UnitKind.Real ? DataMeanBase.Fit(energy.Space, data)
                : sampler.KeptRange() is [var low, var high] ? new UniformBase(energy.Space, low, high)
                : GaussianBase.Fit(energy.Space, data);
        }

        var path = energy switch { RbmEnergy => "rbm", IBlockGibbs => "parameter", _ => "energy" };
        Method = $"{path} path, {SpecShape.KindOf(_kernel.GetType())}";
    }

    /// <summary>Path and kernel by name, as in <see cref="ValidatedMethods"/>.</summary>
    public string Method { get; }

    /// <summary>The pilot, which determines the schedule of all AIS runs.</summary>
    public SchedulePilot Pilot(Parameters parameters, AnnealingRequest request) =>
        new(() => Path(parameters), _energy.Space, request.PilotSteps, request.Key(Purpose.AnnealPilot));

    /// <summary>The forward AIS run of a block.</summary>
    public AisRun Forward(Parameters parameters, AnnealingRequest request, PilotReport pilot, int block)
    {
        var (first, count) = RowBlocks.At(block, request.Settings.Chains);
        return AisRun.Forward(
            () => Path(parameters),
            _energy.Space,
            pilot.BuildSchedule(request.Settings.Temperatures),
            request.Key(Purpose.AnnealForward),
            (uint)first,
            count);
    }

    /// <summary>The equilibration and the reverse AIS run of a block.</summary>
    /// <param name="parameters">The model.</param>
    /// <param name="request">The estimate.</param>
    /// <param name="pilot">The pilot's report.</param>
    /// <param name="block">Number of the block.</param>
    /// <param name="slots">
    /// Replay slots of the model's chains, encoded, in order; empty to start at training rows.
    /// </param>
    /// <param name="codec">Codec of the slots.</param>
    public ReverseAisRun Back(
        Parameters parameters,
        AnnealingRequest request,
        PilotReport pilot,
        int block,
        ReadOnlyMemory<byte> slots,
        StateCodec codec)
    {
        var settings = request.Settings;
        var (first, count) = RowBlocks.At(block, settings.Chains);
        var perTurn = Math.Min(settings.Sweeps, MostPerTurn);
        var equilibration = new Equilibration(
            _energy,
            parameters,
            SamplerFactory.Create(_kernel.WithTransitions(perTurn)),
            pilot.Tunings is [.., var last] ? last : [],
            (settings.Sweeps + perTurn - 1) / perTurn,
            request.Key(Purpose.Equilibrate),
            (uint)first,
            Starts(request, first, count, slots, codec),
            count);
        return new ReverseAisRun(equilibration, settings.Temperatures, states => AisRun.Back(
            () => Path(parameters),
            _energy.Space,
            pilot.BuildSchedule(settings.Temperatures).Back(),
            request.Key(Purpose.AnnealReverse),
            (uint)first,
            count,
            states));
    }

    /// <summary>log Z of the base, in nats.</summary>
    public double BaseLogZ(Parameters parameters)
    {
        using var scope = NewDisposeScope();
        return Path(parameters).BaseLogZ;
    }

    /// <summary>The bracket of the results of all blocks.</summary>
    /// <param name="request">The estimate.</param>
    /// <param name="baseLogZ">log Z of the base.</param>
    /// <param name="method"><see cref="Method"/>.</param>
    /// <param name="forward">Log-weights of the forward runs, by block.</param>
    /// <param name="back">Log-weights of the reverse runs, by block.</param>
    /// <param name="traces">Traces of the equilibrations, by block.</param>
    public static LogZBracket Bracket(
        AnnealingRequest request,
        double baseLogZ,
        string method,
        IEnumerable<double[]> forward,
        IEnumerable<double[]> back,
        IReadOnlyList<IReadOnlyList<double[]>> traces)
    {
        var key = request.Key(Purpose.Bootstrap);
        var copies = request.Settings.Copies;
        return new LogZBracket(
            baseLogZ,
            LogMeanWeight.Of([.. forward.SelectMany(w => w)], key),
            LogMeanWeight.Of([.. back.SelectMany(w => w)], key, copies),
            ConvergenceCheck.Of(traces, copies),
            method);
    }

    private IAnnealedPath Path(Parameters parameters) => _energy switch
    {
        RbmEnergy rbm => new RbmPath(rbm, parameters, _uncoupled!),
        IBlockGibbs machine => new ParameterPath(machine, parameters, _uncoupled!),
        _ => new EnergyPath(_energy, parameters, _base!, SamplerFactory.Create(_kernel.WithTransitions(1))),
    };

    /// <summary>
    /// Starts of the chains of a block: each group of copies starts at one state. Groups use slots, spread evenly over
    /// all, or training rows.
    /// </summary>
    private Func<INoise, Device, Tensor> Starts(
        AnnealingRequest request, int first, int count, ReadOnlyMemory<byte> slots, StateCodec codec)
    {
        var copies = request.Settings.Copies;
        var groups = request.Settings.Chains / copies;
        var chains = Enumerable.Range(first, count).Select(chain => chain / copies);
        if (slots.IsEmpty)
        {
            var key = request.Key(Purpose.Equilibrate);
            var random = new KeyedRandom(key, Stream: 1);
            long[] rows = [.. chains.Select(group => (long)random.Below(_data.Train.Count, (uint)group))];
            return (noise, device) => PositiveBatch.Rows(_data, rows, first, new BatchKeys(key, key), noise, device);
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
