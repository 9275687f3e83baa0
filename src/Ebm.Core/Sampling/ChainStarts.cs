using Ebm.Core.Energies;
using Ebm.Core.Energies.Bases;
using Ebm.Core.Native;
using Ebm.Core.Randomness;
using Ebm.Core.States;
using static TorchSharp.torch;

namespace Ebm.Core.Sampling;

/// <summary>Where chains start that have no history.</summary>
internal static class ChainStarts
{
    /// <summary>States of an energy: draws of its base where it has one, else those of its space.</summary>
    public static Tensor Fresh(
        IEnergy energy, double[]? range, int count, INoise noise, NoiseSite site, Device device) =>
        energy is EnergyOverBase based
            ? based.Base.Sample(count, noise, site, device)
            : Fresh(energy.Space, range, count, noise, site, device);

    /// <summary>
    /// [count, features] on <paramref name="device"/>: fair coins for binary units, uniform over the categories of
    /// categorical ones, uniform in <paramref name="range"/> where there is one, else standard normal. Uses draw
    /// <see cref="NoiseSite.Draw"/> of the site alone.
    /// </summary>
    public static Tensor Fresh(
        StateSpace space, double[]? range, int count, INoise noise, NoiseSite site, Device device)
    {
        using var scope = NewDisposeScope();
        var states = zeros([count, space.Features], ScalarType.Float32, device);
        if (space.Units == UnitKind.Binary)
        {
            noise.FillUniform(states, site);
            using Scalar half = 0.5;
            states = states.ge(half).to_type(ScalarType.Float32);
        }
        else if (space.Units == UnitKind.Categorical)
        {
            noise.FillUniform(states, site);
            using Scalar categories = space.Categories;
            states.mul_(categories).floor_();
        }
        else if (range is [var low, var high])
        {
            noise.FillUniform(states, site);
            using Scalar width = high - low, first = low;
            states.mul_(width).Increase(first);
        }
        else
        {
            noise.AddNormal(states, 1, site);
        }

        return states.MoveToOuterDisposeScope();
    }
}
