using Ebm.Core.Datasets;
using Ebm.Core.Energies;
using Ebm.Core.Energies.Assemblies;
using Ebm.Core.Energies.Bases;
using Ebm.Core.Energies.Boltzmann;
using Ebm.Core.Energies.Networks;
using Ebm.Core.Energies.Pairwise;
using Ebm.Core.Energies.TorchScript;
using Ebm.Core.Spec;
using Ebm.Core.States;

namespace Ebm.Core.Registry;

/// <summary>Creates the energy of a spec.</summary>
public static class EnergyFactory
{
    /// <summary>The energy on a dataset's rows, including the base distribution of the spec.</summary>
    /// <exception cref="InputException">The energy or its base does not fit the data.</exception>
    public static IEnergy Create(EnergySpec spec, Dataset data, CouplingsReader? couplings = null)
    {
        var energy = Create(spec, data.Train.Features, data.Train.Image, data.Alphabet?.Categories ?? 0, couplings);
        return BaseFactory.Create(spec, energy.Space, data) is { } fixedBase
            ? new EnergyOverBase(energy, fixedBase)
            : energy;
    }

    /// <summary>
    /// The energy without a base, on rows of <paramref name="features"/> numbers. <paramref name="image"/> is their
    /// shape if they are images; <paramref name="categories"/> is the number of categories if they are categorical.
    /// </summary>
    /// <exception cref="InputException">The energy does not fit the data's shape.</exception>
    public static IEnergy Create(
        EnergySpec spec, int features, ImageShape? image = null, int categories = 0, CouplingsReader? couplings = null)
    {
        if (image is { } shape && shape.Length != features)
        {
            throw new InputException(
                $"data: rows have {features} numbers; the image shape {shape} has {shape.Length}. "
                + "Expected equal numbers.");
        }

        return spec switch
        {
            RbmSpec rbm => new RbmEnergy(rbm, features, image),
            GaussianRbmSpec gaussian => new GaussianRbmEnergy(gaussian, features, image),
            MlpSpec mlp => MlpEnergy.Create(mlp, features, image),
            IsingSpec ising => new PairwiseEnergy(
                Fitting(ising, features), new SpinUnits(), features, image, couplings),
            PottsSpec potts => new PairwiseEnergy(
                Fitting(potts, features), new CategoryUnits(potts.Categories), features, image, couplings),
            ConvSpec conv => ConvEnergy.Create(conv, image ?? throw NotImages("conv", features)),
            ResNetSpec net => ResNetEnergy.Create(net, image ?? throw NotImages("resnet", features)),
            SequenceSpec sequence => SequenceEnergy.Create(sequence, features, categories),
            TorchScriptSpec script => ScriptEnergy.Open(script, features, image),
            AssemblyEnergySpec assembly => AssemblyEnergy.Open(assembly, features, image, categories),
            _ => throw new InvalidOperationException($"Unknown energy {spec.GetType().Name}."),
        };
    }

    /// <summary>SHA-256 (hex) of the file with an energy's code; null if it has none.</summary>
    internal static string? ModuleDigest(IEnergy energy) => energy switch
    {
        ScriptEnergy script => script.FileSha256,
        AssemblyEnergy assembly => assembly.FileSha256,
        _ => null,
    };

    private static PairwiseSpec Fitting(PairwiseSpec spec, int features) =>
        spec.Lattice is [var height, var width] && height * width != features
        ? throw new InputException(
            $"energy.lattice: {height} by {width} are {height * width} units; the data's rows have {features} numbers. "
            + "Expected equal numbers.")
        : spec;

    private static InputException NotImages(string energy, int features) => new(
        $"energy: {energy} needs images; the data has rows of {features} numbers without an image shape. "
        + "Use image data (idx, cifar10, png, or npy with three or four dimensions), or energy: mlp.");
}
