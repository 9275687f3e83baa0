using Ebm.Core.Energies;
using static TorchSharp.torch;

namespace Ebm.Core.Learning;

/// <summary>A value of a round is infinite or not a number: the round is not applied, and the message says where it appeared.</summary>
public sealed class NonFiniteException : EbmException
{
    /// <inheritdoc/>
    public NonFiniteException(string message) : base(message) { }

    /// <inheritdoc/>
    public NonFiniteException(string message, Exception inner) : base(message, inner) { }

    /// <inheritdoc/>
    public NonFiniteException() { }

    /// <summary>
    /// For <paramref name="flat"/> [layout.Length], the <paramref name="what"/> of a round, that holds non-finite values:
    /// names each tensor that has some, and how many.
    /// </summary>
    internal static NonFiniteException In(
        Tensor flat, ParameterLayout layout, long round, string what, double energyData, double energyNegatives)
    {
        using var scope = NewDisposeScope();
        var finite = flat.isfinite();
        var where = from entry in layout.Entries
                    let bad = entry.Length - finite.narrow(0, entry.Offset, entry.Length).sum().item<long>()
                    where bad > 0
                    select $"'{entry.Name}' ({bad} of {entry.Length} elements)";
        return new NonFiniteException(
            $"Round {round}: the {what} of {string.Join(", ", where)} is not finite; mean energy of the data is "
            + $"{energyData:g6}, of the negatives {energyNegatives:g6}. Training has diverged: lower the learning rate, clip "
            + "the gradient (learning.gradientClip) or penalise the energies (learning.energyL2).");
    }
}
