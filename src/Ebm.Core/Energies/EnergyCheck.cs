using System.Runtime.InteropServices;
using Ebm.Core.Native;
using static TorchSharp.torch;

namespace Ebm.Core.Energies;

/// <summary>
/// Whether code that a user wrote behaves as an energy must: a function of its row and its parameters alone, that can
/// be differentiated.
/// </summary>
/// <param name="path">Its file, for messages.</param>
/// <param name="subject">The code in a sentence, for example "the module".</param>
/// <param name="energy">The energy.</param>
/// <param name="parameters">Its initial parameters.</param>
/// <param name="rows">[rows, features], float32: rows of the data.</param>
internal sealed class EnergyCheck(
    string path, string subject, IEnergy energy, Parameters parameters, Tensor rows)
{
    /// <summary>Energies are finite, and functions of their own rows.</summary>
    /// <exception cref="InputException">They are not.</exception>
    public void CheckEnergies()
    {
        var energies = energy.Energy(parameters, rows);

        // The same number of rows, so that the arithmetic of the first one is the same to the last bit.
        var (first, others) = (rows.narrow(0, 0, 1), rows.narrow(0, 1, rows.shape[0] - 1));
        foreach (var replaced in new[] { zeros_like(others), ones_like(others) })
        {
            if (!Same(energies[0], energy.Energy(parameters, cat([first, replaced]))[0]))
            {
                throw EnergyFile.Bad(path, $"the energy that {subject} gives a row depends on the other rows "
                    + "beside it (batch norm with "
                    + "the batch's statistics does that); it must be a function of its own row.");
            }
        }

        energy.Energy(parameters, first);
        if (FirstNonFinite(energies) is { } row)
        {
            throw EnergyFile.Bad(path, $"{subject}'s energy of training row {row + 1} is "
                + $"{energies[row].item<float>()}; expected a finite number.");
        }
    }

    /// <summary>The gradient in the parameters exists, is finite, and is not 0.</summary>
    /// <exception cref="InputException">It is not so.</exception>
    public void CheckParameterGradient()
    {
        Tensor gradient;
        try
        {
            gradient = energy.ParameterGradient(parameters, rows, 1).Gradient;
        }
        catch (EbmException e) when (e.InnerException is ExternalException)
        {
            throw EnergyFile.Bad(path, $"{subject}'s energies have no gradient in its parameters "
                + $"({TorchError.Brief(e.InnerException)}): "
                + "it detaches them, or computes under torch.no_grad. Take that out.");
        }

        if (FirstNonFinite(gradient) is { } at)
        {
            throw EnergyFile.Bad(path, $"the gradient of the energies in {energy.Layout.At(at).Name} is "
                + $"{gradient[at].item<float>()}; expected finite numbers.");
        }

        if (IsZero(gradient))
        {
            throw EnergyFile.Bad(path, $"{subject}'s energies do not depend on its parameters "
                + $"({Names(energy.Layout)}): their gradient is 0.");
        }
    }

    /// <summary>The gradient in the states exists, is finite, and is not 0.</summary>
    /// <exception cref="InputException">It is not so.</exception>
    public void CheckStateGradient(string follower)
    {
        const string Ways = "x is detached, rounded, compared or turned into integers on its way to the energy";
        Tensor gradient;
        try
        {
            gradient = energy.StateGradient(parameters, rows);
        }
        catch (EbmException e) when (e.InnerException is ExternalException)
        {
            throw EnergyFile.Bad(path, $"sampler {follower} follows dE/dx, and there is none "
                + $"({TorchError.Brief(e.InnerException)}): {Ways}.");
        }

        if (FirstNonFinite(gradient.reshape(-1)) is { } at)
        {
            throw EnergyFile.Bad(path, $"dE/dx of training row {(at / gradient.shape[1]) + 1} is not finite; "
                + "expected finite numbers.");
        }

        if (IsZero(gradient))
        {
            throw EnergyFile.Bad(path, $"sampler {follower} follows dE/dx, which is 0 for each of "
                + $"{rows.shape[0]} rows: {Ways}.");
        }
    }

    /// <summary>Whether two tensors have the same bits.</summary>
    public static bool Same(Tensor a, Tensor b) => a.contiguous().bytes.SequenceEqual(b.contiguous().bytes);

    /// <summary>Index of the first value of a vector that is not finite.</summary>
    public static long? FirstNonFinite(Tensor values)
    {
        var bad = values.isfinite().logical_not().nonzero();
        return bad.shape[0] == 0 ? null : bad[0, 0].item<long>();
    }

    private static string Names(ParameterLayout layout) => string.Join(", ", layout.Entries.Take(3).Select(e => e.Name))
        + (layout.Entries.Count > 3 ? ", ..." : "");

    private static bool IsZero(Tensor gradient) => gradient.count_nonzero().item<long>() == 0;
}
