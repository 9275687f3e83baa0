using Ebm.Core.Energies;
using Ebm.Core.Recovery;
using Ebm.Core.Sampling;
using static TorchSharp.torch;

namespace Ebm.Core.Learning;

/// <summary>
/// A value of a round is infinite or not a number: the round is not applied, and the message says where it appeared.
/// </summary>
public sealed class NonFiniteException : DivergedException
{
    private NonFiniteException(string message, LimitViolation breach) : base(message, breach) { }

    /// <summary>For chains that ended in a state that is not finite.</summary>
    internal static NonFiniteException InChains(ChainMetrics chains, long round) => new(
        $"Round {round}: {chains.NonFinite} of {chains.Chains} chains ended in a state that is not finite. "
            + "The sampler is unstable: lower sampler.stepSize or set sampler.gradientClip.",
        Broken(round, ViolationKind.NonFiniteChains, $"{chains.NonFinite} of {chains.Chains} chains are not finite"));

    /// <summary>For energies that are not, while the gradient is.</summary>
    internal static NonFiniteException InEnergies(long round, double energyData, double energyNegatives) => new(
        $"Round {round}: the mean energy of the data is {energyData:g6}, of the negatives "
            + $"{energyNegatives:g6}, while the gradient is finite. Training has diverged: lower the learning rate.",
        Broken(round, ViolationKind.NonFinite, "the energies are not finite"));

    /// <summary>
    /// For <paramref name="flat"/> [layout.Length], the <paramref name="what"/> of a round, that holds non-finite
    /// values: names each tensor that has some, and how many.
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
            + $"{energyData:g6}, of the negatives {energyNegatives:g6}. Training has diverged: "
            + "lower the learning rate, clip "
            + "the gradient (learning.gradientClip) or penalise the energies (learning.energyL2).",
            Broken(round, ViolationKind.NonFinite, $"the {what} is not finite"));
    }

    private static LimitViolation Broken(long round, ViolationKind kind, string figure) =>
        new(round, kind, figure, double.NaN, 0);
}
