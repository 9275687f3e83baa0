using Ebm.Core.Datasets;
using Ebm.Core.Spec;
using Ebm.Core.States;
using static TorchSharp.torch;

namespace Ebm.Core.Energies.Assemblies;

/// <summary>
/// Whether an energy of a user's assembly behaves as an energy must. Runs its code, which may end the process; see
/// <c>ScriptProbe</c>.
/// </summary>
internal static class AssemblyCheck
{
    // Two ways to the same energies may round differently.
    private const double Tolerance = 1e-3;

    /// <summary>Checks an energy on rows of the data.</summary>
    /// <param name="spec">The energy.</param>
    /// <param name="rows">[rows, features], float32.</param>
    /// <param name="image">Their shape, where they are images.</param>
    /// <param name="categories">Categories of the data's units if they are characters.</param>
    /// <param name="follower">The kind of sampler, where it follows dE/dx; else null.</param>
    /// <exception cref="InputException">It does not; the message says what was expected, and what to do.</exception>
    public static void Check(
        AssemblyEnergySpec spec, Tensor rows, ImageShape? image, int categories, string? follower)
    {
        using var scope = NewDisposeScope();
        var energy = AssemblyEnergy.Open(spec, (int)rows.shape[1], image, categories);
        try
        {
            using var mean = rows.mean([0]);
            var flat = energy.Initialise(default, new DataSummary(mean.data<float>().ToArray()));
            if (EnergyCheck.FirstNonFinite(flat) is { } at)
            {
                throw Bad(spec, $"{spec.Type}'s initial {energy.Layout.At(at).Name} is {flat[at].item<float>()}; "
                    + "expected finite numbers.");
            }

            using var parameters = new Parameters(energy.Layout, flat);
            var (given, before) = (rows.clone(), flat.clone());
            CheckRepetition(spec, energy, parameters, given);
            CheckUnchanged(spec, rows, given, before, flat);
            var check = new EnergyCheck(spec.Path, spec.Type, energy, parameters, given);
            check.CheckEnergies();
            check.CheckParameterGradient();
            if (follower is not null)
            {
                check.CheckStateGradient(follower);
                CheckAgreement(spec, energy, parameters, given);
            }

            CheckUnchanged(spec, rows, given, before, flat);
        }
        catch (EbmException e) when (e is not InputException)
        {
            throw Bad(spec, e.Message);
        }
    }

    private static void CheckRepetition(
        AssemblyEnergySpec spec, AssemblyEnergy energy, Parameters parameters, Tensor rows)
    {
        if (!EnergyCheck.Same(energy.Energy(parameters, rows), energy.Energy(parameters, rows)))
        {
            throw Bad(spec, $"{spec.Type} gives other energies when it is called again with the same rows. "
                + "It may draw random numbers, keep something between calls, or change the rows; take that out.");
        }
    }

    private static void CheckUnchanged(
        AssemblyEnergySpec spec, Tensor rows, Tensor given, Tensor before, Tensor parameters)
    {
        if (!EnergyCheck.Same(given, rows))
        {
            throw Bad(spec, $"{spec.Type} changes the states; leave them as they are, and write add for add_.");
        }

        if (!EnergyCheck.Same(before, parameters))
        {
            throw Bad(spec, $"{spec.Type} changes its parameters; only training may change a model.");
        }
    }

    private static void CheckAgreement(
        AssemblyEnergySpec spec, AssemblyEnergy energy, Parameters parameters, Tensor rows)
    {
        var alone = energy.Energy(parameters, rows);
        var (both, _) = energy.EnergyAndGradient(parameters, rows);
        if (!allclose(alone, both, Tolerance, Tolerance))
        {
            throw Bad(spec, $"{spec.Type}'s Energy and EnergyAndGradient differ: {alone[0].item<float>()} and "
                + $"{both[0].item<float>()} for the first row; expected the same energies.");
        }
    }

    private static InputException Bad(AssemblyEnergySpec spec, string what) => EnergyFile.Bad(spec.Path, what);
}
