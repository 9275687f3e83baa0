using Ebm.Core.Datasets;
using Ebm.Core.Spec;
using Ebm.Core.States;
using static TorchSharp.torch;

namespace Ebm.Core.Energies.TorchScript;

/// <summary>
/// Whether a module behaves as an energy must: a function of its row and its parameters alone, that can be
/// differentiated. Computes with the module, which may end the process; see <c>ScriptProbe</c>.
/// </summary>
internal static class ScriptCheck
{
    /// <summary>Checks a module on rows of the data.</summary>
    /// <param name="spec">The energy.</param>
    /// <param name="rows">[rows, features], float32.</param>
    /// <param name="image">Their shape, where they are images.</param>
    /// <param name="follower">The kind of sampler, where it follows dE/dx; else null.</param>
    /// <exception cref="InputException">It does not; the message says what was expected, and what to do.</exception>
    public static void Check(TorchScriptSpec spec, Tensor rows, ImageShape? image, string? follower)
    {
        using var scope = NewDisposeScope();
        var energy = ScriptEnergy.Open(spec, (int)rows.shape[1], image);
        using var parameters = new Parameters(energy.Layout, energy.Initialise(default, new DataSummary([])));
        try
        {
            CheckCalls(energy, ScriptCopy.Load(ScriptFile.Read(spec.Path), CPU, asSaved: true), spec.Path, rows);
            CheckCalls(energy, ScriptCopy.Load(ScriptFile.Read(spec.Path), CPU), spec.Path, rows);
            var check = new EnergyCheck(spec.Path, "the module", energy, parameters, rows);
            check.CheckEnergies();
            check.CheckParameterGradient();
            if (follower is not null)
            {
                check.CheckStateGradient(follower);
            }
        }
        catch (EbmException e) when (e is not InputException)
        {
            throw EnergyFile.Bad(spec.Path, e.Message);
        }
    }

    // A module that was saved in train mode and behaves otherwise in eval mode may not be what its author means.
    private static void CheckCalls(ScriptEnergy energy, ScriptCopy copy, string path, Tensor rows)
    {
        using var graphless = no_grad();
        var given = rows.clone();
        Tensor[] before = [.. copy.State.Select(c => c.Tensor.clone())];
        var first = (Tensor)copy.Forward(energy.Apply(given))!;
        if (!EnergyCheck.Same(given, rows))
        {
            throw EnergyFile.Bad(path, "the module changes x itself; leave x as it is, and "
                + "write x = x + 1 for x += 1.");
        }

        foreach (var (was, now) in before.Zip(copy.State))
        {
            if (!EnergyCheck.Same(was, now.Tensor))
            {
                throw EnergyFile.Bad(path, $"the module changes its {now.Name} with every call, as batch norm does in "
                    + "train mode; only training "
                    + "may change a model. Call model.eval() before saving or tracing it, or use another norm.");
            }
        }

        if (!EnergyCheck.Same(first, (Tensor)copy.Forward(energy.Apply(given))!))
        {
            throw EnergyFile.Bad(path, "the module gives other energies when it is called again with the same rows. "
                + "It may draw random "
                + "numbers (dropout in train mode: call model.eval() before saving or tracing it) or keep "
                + "something between calls.");
        }
    }
}
