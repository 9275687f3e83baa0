using Ebm.Core.Checkpoints;
using Ebm.Core.Datasets;
using Ebm.Core.Energies;
using Ebm.Core.Likelihood;
using Ebm.Core.Native;
using Ebm.Core.Plans;
using Ebm.Core.Randomness;
using Ebm.Core.Registry;
using Ebm.Core.Replay;
using Ebm.Core.Sampling;
using Ebm.Core.Spec;
using Ebm.Core.States;
using static TorchSharp.torch;

namespace Ebm.Core.Training;

/// <summary>An energy with its parameters: p(x) = exp(-E(x)) / Z. Thread-safe. Owns the parameters.</summary>
/// <param name="energy">The energy.</param>
/// <param name="parameters">Its parameters, on one device.</param>
public sealed class TrainedModel(IEnergy energy, Parameters parameters) : IDisposable
{
    private const int Starts = 0, Transitions = 1;

    private readonly BlockThreads _threads = new(parameters.Flat.device, 0);

    /// <summary>The energy.</summary>
    public IEnergy Energy { get; } = energy;

    /// <summary>The parameters, and the adapted values of the sampler that trained them.</summary>
    public Parameters Parameters { get; } = parameters;

    /// <summary>
    /// A model with initial parameters, as if the mean of each unit in the data were 0, or 1/2 for binary units. For an
    /// energy without parameters it is the energy itself.
    /// </summary>
    /// <param name="energy">The energy.</param>
    /// <param name="seed">Seed of the initial parameters.</param>
    public static TrainedModel Create(IEnergy energy, ulong seed = 0)
    {
        TorchLibrary.EnsureLoaded();
        var key = RandomKey.Derive(seed, Purpose.InitialParameters, 0, 0);
        var means = new float[energy.Space.Features];
        Array.Fill(means, energy.Space.Units == UnitKind.Binary ? 0.5f : 0);
        return BlockThreads.Run(() => new TrainedModel(
            energy, new Parameters(energy.Layout, energy.Initialise(key, new DataSummary(means)))));
    }

    /// <summary>
    /// The energy of each row in nats, [rows]; of a model with classes, that of the class of lowest energy.
    /// </summary>
    /// <param name="rows">States, [rows, features].</param>
    /// <exception cref="InputException">The rows are not states of the energy.</exception>
    public float[] Energies(float[,] rows)
    {
        using var data = Dataset.FromRows(rows).Train;
        return Energies(data);
    }

    /// <inheritdoc cref="Energies(float[,])"/>
    public float[] Energies(DataRows rows)
    {
        RowCheck.Check(Energy.Space, rows, nameof(rows));
        var blocks = _threads.Map(RowBlocks.Count(rows.Count), block =>
        {
            var (first, count) = RowBlocks.At(block, rows.Count);
            var states = rows.Gather(
                [.. Enumerable.Range(first, count).Select(row => (long)row)], Parameters.Flat.device);
            var energies = Energy.Classes == 0
                ? Energy.Energy(Parameters, states)
                : ClassEnergies.Of(Energy, Parameters, states).min(1).values;
            return energies.cpu().data<float>().ToArray();
        });
        return [.. blocks.SelectMany(energies => energies)];
    }

    /// <summary>
    /// The final states of fresh chains, [count, features]. Chains of a kernel of the library start in its range, if it
    /// has one.
    /// </summary>
    /// <inheritdoc cref="Sample(ISampler, int, ulong, double[])"/>
    public float[,] Sample(SamplerSpec sampler, int count, ulong seed = 0)
    {
        TrainingCheck.CheckSampler(sampler, Energy);
        return Sample(SamplerFactory.Create(sampler), count, seed, sampler.KeptRange());
    }

    /// <summary>The final states of fresh chains, [count, features].</summary>
    /// <param name="sampler">The kernel; each chain makes its number of transitions.</param>
    /// <param name="count">Number of chains.</param>
    /// <param name="seed">Seed of the chains.</param>
    /// <param name="range">Range of initial real states; null for a standard normal distribution.</param>
    /// <exception cref="EbmException">A chain has a state that is not finite.</exception>
    public float[,] Sample(ISampler sampler, int count, ulong seed = 0, double[]? range = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var (device, features) = (Parameters.Flat.device, Energy.Space.Features);
        var noise = NoiseFactory.On(device);
        var states = new float[count, features];
        var failed = _threads.Map(RowBlocks.Count(count), block =>
        {
            var (first, chains) = RowBlocks.At(block, count);
            var key = RandomKey.Derive(seed, Purpose.Evaluation, Starts, 0);
            var start = ChainStarts.Fresh(Energy, range, chains, noise, new NoiseSite(key, (uint)first), device);
            var transitions = RandomKey.Derive(seed, Purpose.Evaluation, Transitions, 0);
            var initial = start.repeat(1, sampler.Replicas);
            var (last, info) = sampler.Run(
                Energy, Parameters, initial, new ChainBlock(noise, transitions, (uint)first));
            if (!last.shape.SequenceEqual(initial.shape))
            {
                throw new EbmException(
                    $"{sampler.GetType().Name}.Run returned states [{string.Join(", ", last.shape)}]; "
                    + $"expected [{string.Join(", ", initial.shape)}].");
            }

            var values = last.narrow(1, 0, features).contiguous().cpu().data<float>().ToArray();
            Buffer.BlockCopy(
                values, 0, states, first * features * sizeof(float), values.Length * sizeof(float));
            return info.NonFinite;
        }).Sum();
        return failed == 0 ? states : throw new EbmException(
            $"{failed} of {count} chains have a non-finite state after {sampler.Steps} steps. The sampler is unstable: "
            + "use a smaller step size, or clip the gradient.");
    }

    /// <summary>
    /// Brackets log Z by annealed importance sampling in both directions. The mean log-likelihood of rows lies between
    /// minus their mean energy minus each end of the bracket. See <see cref="LogZBracket.IsCertified"/>.
    /// </summary>
    /// <param name="sampler">A kernel of the model; energies with block Gibbs sampling use that.</param>
    /// <param name="data">Training data: base distribution, and starts of the reverse runs.</param>
    /// <param name="settings">Effort.</param>
    /// <param name="seed">Seed of the estimate.</param>
    /// <exception cref="InputException">The kernel does not sample the model.</exception>
    public LogZBracket EstimateLogZ(SamplerSpec sampler, Dataset data, AisSpec? settings = null, ulong seed = 0)
    {
        TrainingCheck.CheckRows(Energy, data);
        TrainingCheck.CheckSampler(sampler, Energy);
        TrainingCheck.CheckNumbers(settings ??= new AisSpec(), nameof(settings));
        if (settings.Chains % settings.Copies != 0 || settings.Chains < 2 * settings.Copies)
        {
            throw new InputException(
                $"settings.Chains: {settings.Chains} chains in groups of {settings.Copies} (Copies); expected a "
                + "multiple of Copies, at least two groups.");
        }

        var request = new AnnealingRequest(settings, seed, 0, 0);
        var codec = StateCodec.For(StateEncoding.Auto, Energy.Space, null);
        var likelihood = BlockThreads.Run(() => new AnnealedLikelihood(sampler, Energy, data));
        var pilot = Finish(likelihood.Pilot(Parameters, request)).Report;
        var runs = _threads.Map<IResumableWork>(2 * request.Blocks, i => i < request.Blocks
            ? Finish(likelihood.Forward(Parameters, request, pilot, i))
            : Finish(likelihood.Back(Parameters, request, pilot, i - request.Blocks, default, codec)));
        ReverseAisRun[] back = [.. runs.OfType<ReverseAisRun>()];
        return AnnealedLikelihood.Bracket(
            request,
            BlockThreads.Run(() => likelihood.BaseLogZ(Parameters)),
            likelihood.Method,
            runs.OfType<AisRun>().Select(run => run.LogWeights),
            back.Select(run => run.LogWeights),
            [.. back.Select(run => run.Traces)]);
    }

    /// <summary>Writes the parameters by name in the safetensors format, which Python reads, too.</summary>
    public void Save(Stream stream) => Safetensors.Write(
        stream, BlockThreads.Run(() => ModelTensors.Capture(Parameters)));

    /// <summary>Writes the parameters to a file. If that fails, a file of this name stays unchanged.</summary>
    public void Save(string path)
    {
        var partial = path + ".partial";
        using (var content = new MemoryStream())
        {
            Save(content);
            File.WriteAllBytes(partial, content.ToArray());
        }

        File.Move(partial, path, overwrite: true);
    }

    /// <summary>Reads the parameters of an energy from a file that <see cref="Save(string)"/> wrote.</summary>
    /// <param name="path">The file.</param>
    /// <param name="energy">The energy: its parameters have the names and shapes of the file.</param>
    /// <param name="device">Device of the parameters; the CPU by default.</param>
    /// <exception cref="InputException">The file has other tensors, or is not a safetensors file.</exception>
    public static TrainedModel Load(string path, IEnergy energy, Device? device = null)
    {
        TorchLibrary.EnsureLoaded();
        var tensors = Safetensors.Read(File.ReadAllBytes(path), path);
        return BlockThreads.Run(() => new TrainedModel(
            energy, ModelTensors.Restore(tensors, energy.Layout, path, device ?? CPU)));
    }

    /// <inheritdoc/>
    public void Dispose() => Parameters.Dispose();

    private T Finish<T>(T work)
        where T : IResumableWork
    {
        var device = Parameters.Flat.device;
        while (work.Done < work.Total)
        {
            work.Advance(() => true, NoiseFactory.On(device), device);
        }

        return work;
    }
}
