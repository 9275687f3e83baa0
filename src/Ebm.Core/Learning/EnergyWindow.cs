using Ebm.Core.Diagnostics;
using Ebm.Core.Native;
using Ebm.Core.Spec;
using static TorchSharp.torch;

namespace Ebm.Core.Learning;

/// <summary>
/// Energies of chains that persist, over the latest rounds: whether the negatives are draws of anything that mixes.
/// Each is of the version that its round updated, so a drift of the energies shows too. Part of the state of a run: a
/// ring on the device, written once a round and read when figures are due.
/// </summary>
public static class EnergyWindow
{
    /// <summary>Rounds that figures look back over.</summary>
    public const int Rounds = 64;

    /// <summary>The first so many chains are followed: more would cost time and say no more.</summary>
    public const int MostChains = 128;

    /// <summary>Rounds between two figures, as long as rounds have lines in the metrics.</summary>
    public const int Every = 128;

    /// <summary>
    /// Before the first round: NaN, [<see cref="Rounds"/>, chains]; so there is no figure until as many rounds are
    /// done. Null where a round's chains are not those of the round before.
    /// </summary>
    public static Tensor? Begin(NegativesSpec negatives, Device device) => negatives.AreSameChains()
        ? Sums.Filled([Rounds, Math.Min(negatives.Chains, MostChains)], double.NaN, ScalarType.Float32, device)
        : null;

    /// <summary>
    /// Whether figures are due: in the first round with a line in the metrics of each stretch of <see cref="Every"/>,
    /// and in the last.
    /// </summary>
    public static bool IsDue(long round, int metricsEvery, long rounds) =>
        round == rounds || (round % metricsEvery == 0 && round % Every < metricsEvery);

    /// <summary>
    /// Writes a round over the oldest one; <paramref name="energies"/> are those of all chains, block by block.
    /// </summary>
    public static void Record(Tensor window, long round, IReadOnlyList<Tensor> energies)
    {
        using var scope = NewDisposeScope();
        var all = cat([.. energies]);
        var count = Math.Min(window.shape[1], all.shape[0]);
        window[Place(round)].narrow(0, 0, count).copy_(all.narrow(0, 0, count));
    }

    /// <summary>The figures after a round; NaN before the window is full.</summary>
    public static ConvergenceDiagnostics Diagnose(Tensor window, long round)
    {
        using var scope = NewDisposeScope();
        var (chains, values) = ((int)window.shape[1], window.cpu().t().contiguous().data<float>().ToArray());
        var draws = new double[values.Length];
        for (var chain = 0; chain < chains; chain++)
        {
            for (var age = 0; age < Rounds; age++)
            {
                // The oldest first: it lies where the next round is going to be written.
                draws[(chain * Rounds) + age] = values[(chain * Rounds) + Place(round + 1 + age)];
            }
        }

        return ConvergenceDiagnostics.Of(new ChainDraws(chains, draws));
    }

    private static int Place(long round) => (int)((round - 1) % Rounds);
}
