using Ebm.Core.Diagnostics;
using Ebm.Core.Native;
using Ebm.Core.Spec;
using static TorchSharp.torch;

namespace Ebm.Core.Learning;

/// <summary>
/// Energies of persistent chains over the latest rounds, for convergence diagnostics. Each energy is of the version
/// that its round updated, so a drift of the energies shows as well. Part of a run's state: a ring buffer on the
/// device, written each round and read when diagnostics are due.
/// </summary>
internal static class EnergyWindow
{
    /// <summary>Rounds in the window.</summary>
    public const int Rounds = 64;

    /// <summary>
    /// Number of chains to record, the first ones. More chains cost time and hardly improve the diagnostics.
    /// </summary>
    public const int MostChains = 128;

    /// <summary>Interval of diagnostics in rounds, if metrics are written that often.</summary>
    public const int Every = 128;

    /// <summary>
    /// The initial window: NaN, [<see cref="Rounds"/>, chains], float32, so diagnostics are NaN until the window is
    /// full. Null if the chains of a round do not continue those of the previous one.
    /// </summary>
    public static Tensor? Begin(NegativesSpec negatives, Device device) => negatives.AreSameChains()
        ? Sums.Filled([Rounds, Math.Min(negatives.Chains, MostChains)], double.NaN, ScalarType.Float32, device)
        : null;

    /// <summary>
    /// Whether diagnostics are due: in the first round with metrics of each interval of <see cref="Every"/>, and in the
    /// last round.
    /// </summary>
    public static bool IsDue(long round, int metricsEvery, long rounds) =>
        round == rounds || (round % metricsEvery == 0 && round % Every < metricsEvery);

    /// <summary>Replaces the oldest round; <paramref name="energies"/> are those of all chains, by block.</summary>
    public static void Record(Tensor window, long round, IReadOnlyList<Tensor> energies)
    {
        using var scope = NewDisposeScope();
        var all = cat([.. energies]);
        var count = Math.Min(window.shape[1], all.shape[0]);
        window[Place(round)].narrow(0, 0, count).copy_(all.narrow(0, 0, count));
    }

    /// <summary>The diagnostics after a round; NaN before the window is full.</summary>
    public static ConvergenceDiagnostics Diagnose(Tensor window, long round)
    {
        using var scope = NewDisposeScope();
        var (chains, values) = ((int)window.shape[1], window.cpu().t().contiguous().data<float>().ToArray());
        var draws = new double[values.Length];
        for (var chain = 0; chain < chains; chain++)
        {
            for (var age = 0; age < Rounds; age++)
            {
                // From the oldest round, which is at the position of the next write.
                draws[(chain * Rounds) + age] = values[(chain * Rounds) + Place(round + 1 + age)];
            }
        }

        return ConvergenceDiagnostics.Of(new ChainDraws(chains, draws));
    }

    private static int Place(long round) => (int)((round - 1) % Rounds);
}
