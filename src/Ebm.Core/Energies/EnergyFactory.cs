using Ebm.Core.Energies.TorchScript;
using Ebm.Core.Spec;

namespace Ebm.Core.Energies;

/// <summary>Builds the energy that a spec names.</summary>
public static class EnergyFactory
{
    /// <summary>The energy on rows of <paramref name="features"/> numbers, which are images where a shape is given.</summary>
    /// <exception cref="InputException">The energy does not fit the data's shape.</exception>
    public static IEnergy Create(EnergySpec spec, int features, ImageShape? image = null)
    {
        if (image is { } shape && shape.Length != features)
        {
            throw new InputException($"The data's rows have {features} numbers, but its image shape {shape} has {shape.Length}.");
        }

        return spec switch
        {
            RbmSpec rbm => new RbmEnergy(rbm, features, image),
            GaussianRbmSpec gaussian => new GaussianRbmEnergy(gaussian, features, image),
            MlpSpec mlp => MlpEnergy.Create(mlp, features, image),
            ConvSpec conv => ConvEnergy.Create(conv, image ?? throw new InputException(
                $"energy: conv needs images, but the data has plain rows of {features} numbers. "
                + "Use image data (idx, or npy with three or four dimensions), or energy: mlp.")),
            TorchScriptSpec script => ScriptEnergy.Open(script, features, image),
            _ => throw new InvalidOperationException($"No energy is built from {spec.GetType().Name}."),
        };
    }
}
