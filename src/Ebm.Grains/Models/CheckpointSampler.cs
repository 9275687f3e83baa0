using Ebm.Contracts.Models;
using Ebm.Core;
using Ebm.Core.Plans;
using Ebm.Core.Randomness;
using Ebm.Core.Registry;
using Ebm.Core.Sampling;
using Ebm.Core.Spec;
using Ebm.Grains.Devices;
using Ebm.Grains.Runs;
using Ebm.Reporting.Plots;
using TorchSharp;

namespace Ebm.Grains.Models;

/// <summary>
/// Draws from a model with fresh chains: a function of the model and the request, whatever the number of lanes.
/// </summary>
internal sealed class CheckpointSampler(DeviceLanes lanes)
{
    // Attempts of a run count from 0, and rows of evaluations use -1: no other stream has these attempts.
    private const int Starts = -2, Transitions = -3;

    /// <summary>Chains that one call may ask for.</summary>
    public const int MostChains = 65536;

    private const int MostColumns = 32;

    // Gibbs sweeps of an RBM mix slowly from fair coins; chains of other kernels were trained to be short.
    private const int GibbsSteps = 1000, RoundsOfSteps = 10;

    /// <summary>Transitions for a run's sampler where the user does not say.</summary>
    /// <exception cref="InputException">The run's sampler does not sample its model.</exception>
    public static int DefaultSteps(SamplerSpec sampler) =>
        sampler is GibbsSpec
            ? GibbsSteps
            : sampler.WithTransitions(RoundsOfSteps * sampler.Transitions()).Transitions();

    /// <summary>What a call asks for, whose file is a path here.</summary>
    /// <exception cref="InputException">
    /// The file is bad, the model has no such class, or the run's sampler does not sample its model.
    /// </exception>
    public Task<SampleRequest> Request(CheckpointModel model, SampleCall call) => lanes.Run(model.Run.Id, _ =>
    {
        var run = model.Run;
        var count = Count(run, call);
        var known = call.ClampFile is { } clamp ? ClampedRows.Read(run, clamp, count, call.Known) : null;
        var start = call.StartFile is { } file ? ClampedRows.ReadComplete(run, file, count) : null;
        var (classes, origin) = Classes(run, call, count, known?.Labels ?? start?.Labels ?? []);
        return new SampleRequest(
            count, call.Steps ?? DefaultSteps(run.Spec.Sampler), call.Seed ?? run.Spec.Seed, classes, known?.Values,
            start?.Values)
        {
            Origin = origin,
            Columns = call.EachClass && call.Count <= MostColumns ? call.Count : 0,
        };
    });

    /// <summary>
    /// Classes of so many chains as they come in the data, class after class; empty for a model without classes.
    /// </summary>
    public static int[] ClassesAsInData(RunContext run, int count) =>
        [.. (run.Classes?.Shares.Spread(count) ?? []).Order()];

    private static int Count(RunContext run, SampleCall call)
    {
        var count = call.EachClass ? (long)call.Count * Math.Max(1, run.Energy.Classes) : call.Count;
        return count <= MostChains ? (int)count : throw new InputException(
            $"--class all: {call.Count} chains for each of {run.Energy.Classes} classes; "
                + $"expected at most {MostChains} in all.");
    }

    /// <summary>
    /// The class of each chain: the one that is asked for; each of them in turn; those of the file's rows, where they
    /// have labels; or as often as in the data, class after class. Empty for a model without classes.
    /// </summary>
    private static (int[] Classes, ClassOrigin Origin) Classes(RunContext run, SampleCall call, int count, int[] labels)
    {
        if (run.Classes is null)
        {
            return call is { Class: null, EachClass: false } ? ([], ClassOrigin.None) : throw ModelClasses.None(run);
        }

        ModelClasses.Check(run, call.Class);
        return call.EachClass ? ([.. Enumerable.Range(0, count).Select(i => i / call.Count)], ClassOrigin.Call)
            : call.Class is { } one ? ([.. Enumerable.Repeat(one, count)], ClassOrigin.Call)
            : labels.Length == 0 ? (ClassesAsInData(run, count), ClassOrigin.Data)
            : ([.. Enumerable.Range(0, count)
                .Select(i => ModelClasses.Checked(
                    run, labels[i % labels.Length], (call.ClampFile ?? call.StartFile)!))], ClassOrigin.File);
    }

    /// <summary>The final states of the chains, [count, features], row after row.</summary>
    /// <exception cref="EbmException">A chain left the finite numbers.</exception>
    public async Task<float[]> Draw(CheckpointModel model, SampleRequest request)
    {
        var sampler = SamplerFactory.Create(model.Run.Spec.Sampler.WithTransitions(request.Steps));
        var blocks = await Task.WhenAll(Enumerable.Range(0, RowBlocks.Count(request.Count))
            .Select(block => lanes.Run(model.Run.Id, lane => Block(model, sampler, request, block, lane))));
        return [.. blocks.SelectMany(b => b)];
    }

    /// <summary>States that were drawn as the run itself shows them: a picture, or lines of text.</summary>
    /// <param name="model">The model.</param>
    /// <param name="states">The states.</param>
    /// <param name="request">How they were drawn.</param>
    public Task<byte[]> Plot(CheckpointModel model, float[] states, SampleRequest request) =>
        lanes.Run(model.Run.Id, lane =>
    {
        if (model.Run.Data.Alphabet is { } alphabet)
        {
            return alphabet.Lines(states);
        }

        var rows = torch.tensor(states).reshape(-1, model.Run.Energy.Space.Features).to(lane.Device);
        return StatesPlot.Png(
            model.Run.Energy, model.Parameters, rows, request.Classes, model.Run.Data, model.Run.Range,
            model.Run.Spec.Seed, request.Columns);
    });

    private static float[] Block(CheckpointModel model, ISampler sampler, SampleRequest request, int block, Lane lane)
    {
        var (first, count) = RowBlocks.At(block, request.Count);
        var range = model.Run.Range is var (low, high) ? new double[] { low, high } : null;
        var site = new NoiseSite(Key(request, Starts, model.Round), (uint)first);
        var start = request.Start is { } given
            ? Rows(given, first, count, lane.Device)
            : ChainStarts.Fresh(model.Run.Energy, range, count, lane.Noise, site, lane.Device);
        var chains = new ChainBlock(lane.Noise, Key(request, Transitions, model.Round), (uint)first);
        var classes = request.Classes.AsSpan(request.Classes.Length == 0 ? .. : first..(first + count));
        var result = sampler.Run(
            model.Run.Energy.Given(classes, lane.Device), model.Parameters, start, chains,
            ClampOf(request.Known, first, count, lane.Device));
        return result.Info.NonFinite == 0
            ? [.. result.States.narrow(1, 0, start.shape[1]).contiguous().to(torch.CPU).data<float>()]
            : throw new EbmException(
                $"{result.Info.NonFinite} of {count} chains left the finite numbers within {request.Steps} steps; "
                + "try fewer --steps, or another checkpoint with --round.");
    }

    private static ClampedUnits? ClampOf(float[,]? known, int first, int count, torch.Device device)
    {
        if (known is null)
        {
            return null;
        }

        var rows = Rows(known, first, count, device);
        return new ClampedUnits(rows.isnan().logical_not(), rows.nan_to_num(0));
    }

    /// <summary>Those of a block, [count, features]: its own, or one for all.</summary>
    private static torch.Tensor Rows(float[,] all, int first, int count, torch.Device device)
    {
        var rows = torch.tensor(all).to(device);
        return rows.shape[0] == 1 ? rows.expand(count, rows.shape[1]).contiguous() : rows.narrow(0, first, count);
    }

    private static RandomKey Key(SampleRequest request, int stream, long round) =>
        RandomKey.Derive(request.Seed, Purpose.Evaluation, stream, round);
}
