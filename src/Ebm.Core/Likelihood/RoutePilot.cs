using Ebm.Core.Learning;
using Ebm.Core.Randomness;
using Ebm.Core.Sampling;
using Ebm.Core.Spec;
using static TorchSharp.torch;

namespace Ebm.Core.Likelihood;

/// <summary>
/// A short walk of one block of chains that says where a long one should take small steps. Over a stretch of the walk the
/// log-weights of chains drift apart: their variance grows by 2 tau V / n a unit of beta, where V is the variance of d log f / d beta,
/// tau how many steps it stays correlated, and n the steps a unit of beta. For a given number of steps the sum of that growth is
/// least where n is proportional to sqrt(tau V), which the pilot measures as sqrt(growth n). A kernel that adapts does so on the way.
/// </summary>
public static class RoutePilot
{
    private const int Stretches = 25;

    /// <summary>
    /// The share of steps that every stretch gets anyway, as if they were equal: the variance of 64 log-weights is not exact, and a
    /// stretch that looks easy may not be.
    /// </summary>
    private const double Even = 0.2;

    /// <summary>A route of <paramref name="steps"/> steps, from a pilot of <paramref name="pilotSteps"/>.</summary>
    /// <param name="path">The distributions.</param>
    /// <param name="steps">Steps of the route.</param>
    /// <param name="pilotSteps">Steps of the pilot.</param>
    /// <param name="key">Key of the pilot's noise.</param>
    /// <param name="noise">Noise on the path's device.</param>
    /// <param name="device">The path's device.</param>
    /// <exception cref="EbmException">A weight is not finite.</exception>
    public static Route Explore(IAnnealedPath path, int steps, int pilotSteps, RandomKey key, INoise noise, Device device)
    {
        using var graphless = no_grad();
        using var scope = NewDisposeScope();
        var pilot = Route.Staged(pilotSteps);
        var tuning = path.Adaptive?.InitialTuning ?? [];
        var tunings = new List<IReadOnlyList<double>> { tuning };
        var states = path.Base(Blocks.Size, noise, new NoiseSite(key, 0));
        var logWeights = zeros([Blocks.Size], ScalarType.Float64, device);
        var growth = new List<double>();
        for (var step = 1; step <= pilotSteps; step++)
        {
            var change = pilot.Change(step) with { Tuning = tuning };
            var moved = path.Step(states, logWeights, change, new ChainBlock(noise, key, 0), (uint)step);
            states = moved.States;
            if (path.Adaptive is { } kernel)
            {
                tuning = kernel.Adapt(tuning, ChainFigures.Of(Blocks.Size, moved.Info, 0), step);
                tunings.Add(tuning);
            }

            if (step * Stretches / pilotSteps > (step - 1) * Stretches / pilotSteps)
            {
                growth.Add(logWeights.var(unbiased: true).item<double>());
                logWeights.zero_();
            }
        }

        if (growth.Exists(g => !double.IsFinite(g)))
        {
            throw new EbmException("The pilot of annealed importance sampling met energies that are not finite.");
        }

        var places = Places(growth, steps);
        return new Route(
            [.. places[..^1].Select(place => At(pilot.Temperatures, place * pilotSteps)), 1],
            tunings.Count == 1 ? [] : [.. places.Select(place => tunings[(int)Math.Round(place * pilotSteps)])]);
    }

    /// <summary>Where the route's temperatures lie on the pilot's way, as shares of its steps.</summary>
    private static double[] Places(List<double> growth, int steps)
    {
        var (total, count) = (growth.Sum(Math.Sqrt), growth.Count);
        double[] shares = [.. growth.Select(g => (Even / count) + (total > 0 ? (1 - Even) * Math.Sqrt(g) / total : (1 - Even) / count))];
        var places = new double[steps + 1];
        var (stretch, before) = (0, 0.0);
        for (var step = 0; step < steps; step++)
        {
            var share = step / (double)steps;
            while (stretch < count - 1 && share >= before + shares[stretch])
            {
                before += shares[stretch++];
            }

            places[step] = Math.Min(1, (stretch + ((share - before) / shares[stretch])) / count);
        }

        places[steps] = 1;
        return places;
    }

    private static double At(IReadOnlyList<double> temperatures, double step)
    {
        var below = Math.Min((int)step, temperatures.Count - 2);
        return temperatures[below] + ((step - below) * (temperatures[below + 1] - temperatures[below]));
    }
}
