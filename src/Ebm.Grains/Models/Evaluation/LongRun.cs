using Ebm.Contracts.Models;
using Ebm.Core;
using Ebm.Core.Checkpoints;
using Ebm.Core.Diagnostics;
using Ebm.Core.Evaluation;
using Ebm.Core.Plans;
using Ebm.Core.Randomness;
using Ebm.Core.Sampling;
using Ebm.Core.States;
using Ebm.Grains.Devices;
using Ebm.Grains.Runs;
using TorchSharp;

namespace Ebm.Grains.Models.Evaluation;

/// <summary>
/// Chains from data and from noise, continued for long: a model whose chains drift away from the data learned a
/// sampler, not a law (Nijkamp et al. 2020, "On the anatomy of MCMC-based maximum likelihood learning of energy-based
/// models"). A function of model, seed and number of turns: neither how it is cut into pieces nor the number of lanes
/// shows.
/// </summary>
internal sealed class LongRun(DeviceLanes lanes)
{
    private const int MostRows = 1000;

    // Streams of the purpose; the round of a key is the turn, and 0 for what is done once.
    private const int Transitions = 0, Starts = 1, ExchangeOfData = 1, ExchangeOfNoise = 2;

    /// <summary>Does a piece; <paramref name="states"/> are those before it, empty for the first.</summary>
    /// <returns>The reply, and the states after it: [chains from data, then chains from noise; features].</returns>
    /// <exception cref="InputException">The states are not of so many chains, or the run's sampler draws
    /// nothing.</exception>
    public async Task<(LongRunReply Reply, float[] States)> Continue(
        CheckpointModel model, LongRunCall call, float[] states)
    {
        var run = model.Run;
        var seed = call.Seed ?? run.Spec.Seed;

        // Throws for a kernel that does not sample its model.
        _ = run.Spec.Sampler.WithTransitions(run.Sampler.Steps);
        var before = call.From == 0 ? await OnLane(lane => Begin(model, seed, call.Chains, lane)) : states;
        if (before.Length != 2 * call.Chains * Wide(run).Features)
        {
            throw new InputException(
                $"the states are {before.Length} numbers, where {2 * call.Chains} chains of "
                    + $"{Wide(run).Features} were expected.");
        }

        var classes = Classes(run, call.Chains);
        var after = call.To == call.From ? before : await Advance(model, seed, call, before, classes);
        var (row, data) = call.Measure
            ? await OnLane(lane => Measure(model, seed, call, after, classes, lane))
            : default;
        var digest = await OnLane(_ => StateDigest.Of(model.Parameters.Flat.cpu().bytes));
        return (
            new LongRunReply(
                model.Round, digest, seed, run.Sampler.Steps, row, call.Measure ? data : null,
                after.Length * (long)sizeof(float)),
            after);

        Task<T> OnLane<T>(Func<Lane, T> work) => lanes.Run(run.Id, work);
    }

    /// <summary>A chain's states, those of its replicas side by side.</summary>
    private static StateSpace Wide(RunContext run) =>
        run.Energy.Space with { Features = run.Energy.Space.Features * run.Sampler.Replicas, Image = null };

    /// <summary>
    /// Of a model with classes: a chain from data keeps its row's class, those from noise have them as they come in the
    /// data.
    /// </summary>
    private static int[] Classes(RunContext run, int chains)
    {
        if (run.Classes is not { } classes)
        {
            return [];
        }

        var rows = ReferenceRows.LabelsOfSpread(run.Data, DataPart.Train, chains);
        return [.. Enumerable.Range(0, chains).Select(i => rows[i % rows.Length]), .. classes.Shares.Spread(chains)];
    }

    private static float[] Begin(CheckpointModel model, ulong seed, int chains, Lane lane)
    {
        var run = model.Run;
        var rows = ReferenceRows.Spread(run.Data, DataPart.Train, chains, run.Spec.Seed, lane.Noise, lane.Device);
        var repeated = rows.repeat(((chains - 1) / rows.shape[0]) + 1, 1)[..chains];
        var noise = ChainStarts.Fresh(
            run.Energy.Space, run.Spec.Sampler.KeptRange(), chains, lane.Noise,
            new NoiseSite(Key(seed, Starts, 0), (uint)chains), lane.Device);
        return [.. torch.cat([repeated, noise]).repeat(1, run.Sampler.Replicas).cpu().data<float>()];
    }

    private async Task<float[]> Advance(
        CheckpointModel model, ulong seed, LongRunCall call, float[] states, int[] classes)
    {
        var size = Wide(model.Run).Features * RowBlocks.Size;
        var blocks = await Task.WhenAll(states.Chunk(size).Select((block, number) => lanes.Run(
            model.Run.Id, lane => Advance(
                model, seed, call, block, number * RowBlocks.Size,
                [.. classes.Skip(number * RowBlocks.Size).Take(RowBlocks.Size)], lane))));
        return [.. blocks.SelectMany(b => b)];
    }

    private static float[] Advance(
        CheckpointModel model, ulong seed, LongRunCall call, float[] block, int first, int[] classes, Lane lane)
    {
        var run = model.Run;
        using var labelled = torch.NewDisposeScope();
        var energy = run.Energy.Given(classes, lane.Device);
        var states = HostStates.On(lane.Device, block, Wide(run));
        for (var turn = call.From; turn < call.To; turn++)
        {
            using var scope = torch.NewDisposeScope();
            var chains = new ChainBlock(lane.Noise, Key(seed, Transitions, turn), (uint)first);
            var (moved, info) = run.Sampler.Run(energy, model.Parameters, states, chains);
            states.Dispose();
            states = moved.MoveToOuterDisposeScope();
            if (info.NonFinite > 0)
            {
                // Nothing that follows would mean anything; the row says so.
                break;
            }
        }

        return [.. states.cpu().data<float>()];
    }

    private static (LongRunRow Row, double DataEnergy) Measure(
        CheckpointModel model, ulong seed, LongRunCall call, float[] states, int[] classes, Lane lane)
    {
        var run = model.Run;
        var part = ReferenceRows.PartOf(run.Data);
        var data = ReferenceRows.Spread(run.Data, part, MostRows, run.Spec.Seed, lane.Noise, lane.Device);
        var kernel = StateKernel.For(run.Energy.Space, data);
        var chains = HostStates.On(lane.Device, states, Wide(run)).narrow(1, 0, run.Energy.Space.Features).contiguous();
        var energies = Energies(model, chains, classes);
        StartMetrics Of(int first, int exchange)
        {
            var found = MaximumMeanDiscrepancy.Of(
                chains.narrow(0, first, call.Chains), data, kernel, Key(seed, exchange, call.To, Purpose.Exchange));
            var values = energies.AsSpan(first, call.Chains);
            return new StartMetrics(
                Moments.Mean(values), Math.Sqrt(Moments.Variance(values) / values.Length), found.Squared,
                found.StandardError);
        }

        var row = new LongRunRow(
            call.To * run.Sampler.Steps,
            Of(0, ExchangeOfData),
            Of(call.Chains, ExchangeOfNoise),
            RHat.Nested(new ChainDraws(energies.Length, energies), call.Chains),
            (int)(chains.shape[0] - chains.isfinite().all(1).sum().item<long>()));
        return (row, Energies(model, data, ReferenceRows.LabelsOfSpread(run.Data, part, MostRows)).Average());
    }

    private static double[] Energies(CheckpointModel model, torch.Tensor rows, int[] classes) =>
    [
        .. torch.cat([.. rows.split(RowBlocks.Size).Select((block, number) => model.Run.Energy
            .Given([.. classes.Skip(number * RowBlocks.Size).Take(RowBlocks.Size)], rows.device)
            .Energy(model.Parameters, block))])
            .to_type(torch.ScalarType.Float64).cpu().data<double>(),
    ];

    private static RandomKey Key(ulong seed, int stream, long turn, Purpose purpose = Purpose.LongRun) =>
        RandomKey.Derive(seed, purpose, stream, turn);
}
