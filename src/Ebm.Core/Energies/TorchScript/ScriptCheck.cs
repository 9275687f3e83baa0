using Ebm.Core.Datasets;
using Ebm.Core.Native;
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
            CheckEnergies(spec.Path, energy, parameters, rows);
            CheckParameterGradient(spec.Path, energy, parameters, rows);
            if (follower is not null)
            {
                CheckStateGradient(spec.Path, energy, parameters, rows, follower);
            }
        }
        catch (EbmException e) when (e is not InputException)
        {
            throw ScriptFile.Bad(spec.Path, e.Message);
        }
    }

    // A module that was saved in train mode and behaves otherwise in eval mode may not be what its author means.
    private static void CheckCalls(ScriptEnergy energy, ScriptCopy copy, string path, Tensor rows)
    {
        using var graphless = no_grad();
        var given = rows.clone();
        Tensor[] before = [.. copy.State.Select(c => c.Tensor.clone())];
        var first = (Tensor)copy.Forward(energy.Apply(given))!;
        if (!Same(given, rows))
        {
            throw ScriptFile.Bad(path, "the module changes x itself; leave x as it is, and "
                + "write x = x + 1 for x += 1.");
        }

        foreach (var (was, now) in before.Zip(copy.State))
        {
            if (!Same(was, now.Tensor))
            {
                throw ScriptFile.Bad(path, $"the module changes its {now.Name} with every call, as batch norm does in "
                    + "train mode; only training "
                    + "may change a model. Call model.eval() before saving or tracing it, or use another norm.");
            }
        }

        if (!Same(first, (Tensor)copy.Forward(energy.Apply(given))!))
        {
            throw ScriptFile.Bad(path, "the module gives other energies when it is called again with the same rows. "
                + "It may draw random "
                + "numbers (dropout in train mode: call model.eval() before saving or tracing it) or keep "
                + "something between calls.");
        }
    }

    private static void CheckEnergies(string path, ScriptEnergy energy, Parameters parameters, Tensor rows)
    {
        var energies = energy.Energy(parameters, rows);

        // The same number of rows, so that the arithmetic of the first one is the same to the last bit.
        var (first, others) = (rows.narrow(0, 0, 1), rows.narrow(0, 1, rows.shape[0] - 1));
        foreach (var replaced in new[] { zeros_like(others), ones_like(others) })
        {
            if (!Same(energies[0], energy.Energy(parameters, cat([first, replaced]))[0]))
            {
                throw ScriptFile.Bad(path, "the energy that the module gives a row depends on the other rows "
                    + "beside it (batch norm with "
                    + "the batch's statistics does that); it must be a function of its own row.");
            }
        }

        energy.Energy(parameters, first);
        if (FirstNonFinite(energies) is { } row)
        {
            throw ScriptFile.Bad(path, $"the module's energy of training row {row + 1} is "
                + $"{energies[row].item<float>()}; expected a finite number.");
        }
    }

    private static void CheckParameterGradient(string path, ScriptEnergy energy, Parameters parameters, Tensor rows)
    {
        Tensor gradient;
        try
        {
            gradient = energy.ParameterGradient(parameters, rows, 1).Gradient;
        }
        catch (EbmException e)
        {
            throw ScriptFile.Bad(path, "the module's energies have no gradient in its parameters "
                + $"({TorchError.Brief(e.InnerException ?? e)}): "
                + "it detaches them, or computes under torch.no_grad. Take that out.");
        }

        if (FirstNonFinite(gradient) is { } at)
        {
            throw ScriptFile.Bad(path, $"the gradient of the energies in {energy.Layout.At(at).Name} is "
                + $"{gradient[at].item<float>()}; expected finite numbers.");
        }

        if (IsZero(gradient))
        {
            throw ScriptFile.Bad(path, "the module's energies do not depend on its parameters "
                + $"({Names(energy.Layout)}): their gradient is 0.");
        }
    }

    private static void CheckStateGradient(
        string path, ScriptEnergy energy, Parameters parameters, Tensor rows, string follower)
    {
        const string Ways = "x is detached, rounded, compared or turned into integers on its way to the energy";
        Tensor gradient;
        try
        {
            gradient = energy.StateGradient(parameters, rows);
        }
        catch (EbmException e)
        {
            throw ScriptFile.Bad(path, $"sampler {follower} follows dE/dx, and there is none "
                + $"({TorchError.Brief(e.InnerException ?? e)}): {Ways}.");
        }

        if (FirstNonFinite(gradient.reshape(-1)) is { } at)
        {
            throw ScriptFile.Bad(path, $"dE/dx of training row {(at / rows.shape[1]) + 1} is not finite; "
                + "expected finite numbers.");
        }

        if (IsZero(gradient))
        {
            throw ScriptFile.Bad(path, $"sampler {follower} follows dE/dx, which is 0 for each of "
                + $"{rows.shape[0]} rows: {Ways}.");
        }
    }

    private static string Names(ParameterLayout layout) => string.Join(", ", layout.Entries.Take(3).Select(e => e.Name))
        + (layout.Entries.Count > 3 ? ", ..." : "");

    private static bool Same(Tensor a, Tensor b) => a.contiguous().bytes.SequenceEqual(b.contiguous().bytes);

    private static bool IsZero(Tensor gradient) => gradient.count_nonzero().item<long>() == 0;

    private static long? FirstNonFinite(Tensor values)
    {
        var bad = values.isfinite().logical_not().nonzero();
        return bad.shape[0] == 0 ? null : bad[0, 0].item<long>();
    }
}
