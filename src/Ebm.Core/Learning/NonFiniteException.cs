using Ebm.Core.Energies;
using Ebm.Core.Recovery;
using Ebm.Core.Sampling;
using static TorchSharp.torch;

namespace Ebm.Core.Learning;

/// <summary>
/// A value of a round is infinite or NaN. The round is not applied; the message names the value. The descriptions of
/// the violations are part of state digests: never reword them.
/// </summary>
public sealed class NonFiniteException : DivergedException
{
    private NonFiniteException(string message, LimitViolation violation) : base(message, violation) { }

    /// <summary>For chains whose final state is not finite.</summary>
    internal static NonFiniteException InChains(ChainMetrics chains, long round) => new(
        $"Round {round}: {chains.NonFinite} of {chains.Chains} chains have a non-finite state. The sampler is "
        + "unstable. Lower sampler.stepSize, or set sampler.gradientClip.",
        CreateViolation(
            round,
            ViolationKind.NonFiniteChains,
            $"{chains.NonFinite} of {chains.Chains} chains are not finite"));

    /// <summary>For non-finite energies with a finite gradient.</summary>
    internal static NonFiniteException InEnergies(long round, double energyData, double energyNegatives) => new(
        $"Round {round}: the mean energy of the data is {energyData:g6}, of the negatives {energyNegatives:g6}; "
        + "the gradient is finite. Training has diverged. Lower the learning rate.",
        CreateViolation(round, ViolationKind.NonFinite, "the energies are not finite"));

    /// <summary>
    /// For non-finite elements of <paramref name="flat"/> [layout.Length], the <paramref name="what"/> of a round:
    /// names each tensor with such elements, and their number.
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
            $"Round {round}: the {what} of {string.Join(", ", where)} is not finite; the mean energy of the data is "
            + $"{energyData:g6}, of the negatives {energyNegatives:g6}. Training has diverged. Lower the learning "
            + "rate, clip the gradient (learning.gradientClip), or penalise the energies (learning.energyL2).",
            CreateViolation(round, ViolationKind.NonFinite, $"the {what} is not finite"));
    }

    private static LimitViolation CreateViolation(long round, ViolationKind kind, string metric) =>
        new(round, kind, metric, double.NaN, 0);
}
