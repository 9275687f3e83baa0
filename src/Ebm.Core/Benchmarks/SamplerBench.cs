using Ebm.Core.Diagnostics;
using Ebm.Core.Energies;
using Ebm.Core.Plans;
using Ebm.Core.Randomness;
using Ebm.Core.Registry;
using Ebm.Core.Sampling;
using Ebm.Core.Spec;
using static TorchSharp.torch;

namespace Ebm.Core.Benchmarks;

/// <summary>How much of a kernel is measured.</summary>
/// <param name="Rounds">Draws before the measurement, in which step sizes are adapted and chains that began afresh
/// settle.</param>
/// <param name="Draws">Draws of each chain that are measured.</param>
internal sealed record BenchSize(int Rounds, int Draws)
{
    /// <summary>Chains, one block.</summary>
    public const int Chains = RowBlocks.Size;

    /// <summary>For figures to be recorded.</summary>
    public static BenchSize Full { get; } = new(200, 1000);

    /// <summary>For a look.</summary>
    public static BenchSize Quick { get; } = new(100, 100);
}

/// <summary>
/// Measures kernels: effective draws a second, and for what a gradient costs. All but the seconds is repeatable.
/// </summary>
internal static class SamplerBench
{
    /// <summary>Measures one kernel on one model, on the thread that calls.</summary>
    /// <param name="model">The model.</param>
    /// <param name="spec">The kernel.</param>
    /// <param name="size">How much of it.</param>
    /// <param name="time">Time that has been spent; read before and after each draw.</param>
    public static SamplerMetrics Measure(BenchModel model, SamplerSpec spec, BenchSize size, Func<TimeSpan> time)
    {
        using var graphless = no_grad();
        using var scope = NewDisposeScope();
        var device = model.Parameters.Flat.device;
        var (noise, sampler) = (NoiseFactory.On(device), SamplerFactory.Create(spec));
        var counted = new CountingEnergy(model.Energy);

        // A kernel that uses more of an energy than its gradient has to see the energy itself.
        var energy = spec is GibbsSpec ? model.Energy : counted;
        var states = model.Start(BenchSize.Chains, new NoiseSite(KeyOf(0), 0));
        var tuning = sampler.InitialTuning;
        for (var round = 1; round <= size.Rounds; round++)
        {
            using var inner = NewDisposeScope();
            using var parameters = new Parameters(model.Energy.Layout, model.Parameters.Flat.clone(), tuning);
            var (next, info) = sampler.Run(energy, parameters, states, new ChainBlock(noise, KeyOf(round), 0));
            states.copy_(next);
            tuning = sampler.Adapt(tuning, ChainMetrics.Of(BenchSize.Chains, info, 0), round);
        }

        using var tuned = new Parameters(model.Energy.Layout, model.Parameters.Flat.clone(), tuning);
        var draws = new BenchDraws(model.Energy.Space.Features, size.Draws);
        var (before, seconds, acceptance, jump) = (counted.Gradients, 0.0, 0.0, 0.0);
        for (var draw = 0; draw < size.Draws; draw++)
        {
            using var inner = NewDisposeScope();
            var started = time();
            var (next, info) = sampler.Run(
                energy, tuned, states, new ChainBlock(noise, KeyOf(size.Rounds + 1 + draw), 0));
            seconds += (time() - started).TotalSeconds;
            states.copy_(next);
            draws.Add(draw, next, model.Energy.Energy(tuned, next));
            (acceptance, jump) = (acceptance + info.Acceptance, jump + info.JumpDistance);
        }

        return new SamplerMetrics
        {
            Model = model.Name,
            Sampler = SpecShape.KindOf(spec.GetType())!,
            Transitions = spec.Transitions(),
            StepSize = tuning is [var step] ? step : (spec as LangevinSpec)?.StepSize,
            Acceptance = double.IsNaN(acceptance) ? null : acceptance / size.Draws,
            JumpDistance = jump / size.Draws,
            Gradients = counted.Gradients - before,
            EnergyEss = EffectiveSampleSize.Bulk(draws.Energies),
            WorstEss = draws.Features.Min(EffectiveSampleSize.Bulk),
            Seconds = seconds,
        };
    }

    private static RandomKey KeyOf(int round) => RandomKey.Derive(0, Purpose.Benchmark, 0, round);
}
