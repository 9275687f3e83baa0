using Ebm.Core;
using Ebm.Core.Pictures;
using Ebm.Core.Randomness;
using Ebm.Core.Sampling;
using Ebm.Core.Spec;
using Ebm.Grains.Devices;
using TorchSharp;

namespace Ebm.Grains.Checkpoints;

/// <summary>Draws from a model with fresh chains: a function of the model and the request, whatever the number of lanes.</summary>
public sealed class CheckpointSampler(DeviceLanes lanes)
{
    // Attempts of a run count from 0, and rows of evaluations use -1: these streams are nobody else's.
    private const int Starts = -2, Transitions = -3;

    // Gibbs sweeps of an RBM mix slowly from fair coins; chains of other kernels were trained to be short.
    private const int GibbsSteps = 1000, RoundsOfSteps = 10;

    /// <summary>Transitions for a run's sampler where the user does not say.</summary>
    /// <exception cref="InputException">The run's sampler is no Markov chain of its model.</exception>
    public static int DefaultSteps(SamplerSpec sampler) =>
        sampler is GibbsSpec ? GibbsSteps : sampler.WithTransitions(RoundsOfSteps * sampler.Transitions()).Transitions();

    /// <summary>The final states of the chains, [count, features], row after row.</summary>
    /// <exception cref="EbmException">A chain left the finite numbers.</exception>
    public async Task<float[]> Draw(CheckpointModel model, SampleRequest request)
    {
        var sampler = SamplerFactory.Create(model.Run.Spec.Sampler.WithTransitions(request.Steps));
        var blocks = await Task.WhenAll(Enumerable.Range(0, Blocks.Of(request.Count))
            .Select(block => lanes.Run(model.Run.Id, lane => Block(model, sampler, request, block, lane))));
        return [.. blocks.SelectMany(b => b)];
    }

    /// <summary>A picture of states that were drawn, as the run itself makes them.</summary>
    public Task<byte[]> Picture(CheckpointModel model, float[] states) => lanes.Run(model.Run.Id, lane =>
    {
        var rows = torch.tensor(states).reshape(-1, model.Run.Energy.Space.Features).to(lane.Device);
        return StatesPicture.Png(
            model.Run.Energy, model.Parameters, rows, model.Run.Data, model.Run.Range, model.Run.Spec.Seed);
    });

    private static float[] Block(CheckpointModel model, ISampler sampler, SampleRequest request, int block, Lane lane)
    {
        var first = block * Blocks.Size;
        var count = Math.Min(Blocks.Size, request.Count - first);
        var range = model.Run.Range is var (low, high) ? new double[] { low, high } : null;
        var site = new NoiseSite(Key(request, Starts, model.Round), (uint)first);
        var start = ChainStarts.Fresh(model.Run.Energy, range, count, lane.Noise, site, lane.Device);
        var chains = new ChainBlock(lane.Noise, Key(request, Transitions, model.Round), (uint)first);
        var result = sampler.Run(
            model.Run.Energy, model.Parameters, start, chains, ClampOf(request.Known, first, count, lane.Device));
        return result.Info.NonFinite == 0
            ? [.. result.States.to(torch.CPU).data<float>()]
            : throw new EbmException(
                $"{result.Info.NonFinite} of {count} chains left the finite numbers within {request.Steps} steps; "
                + "try fewer --steps, or another checkpoint with --round.");
    }

    private static Clamp? ClampOf(float[,]? known, int first, int count, torch.Device device)
    {
        if (known is null)
        {
            return null;
        }

        var all = torch.tensor(known).to(device);
        var rows = all.shape[0] == 1 ? all : all.narrow(0, first, count);
        var mask = rows.isnan().logical_not();
        return new Clamp(mask, rows.nan_to_num(0).expand(count, rows.shape[1]));
    }

    private static RandomKey Key(SampleRequest request, int stream, long round) =>
        RandomKey.Derive(request.Seed, Purpose.Evaluation, stream, round);
}

