using Ebm.Core.Tests.Energies;
using static TorchSharp.torch;

namespace Ebm.Core.Tests.Sampling;

/// <summary>
/// Whether draws have a law, by the largest distance between their distribution function and that of the law
/// (Dvoretzky, Kiefer and Wolfowitz 1956, with the constant of Massart 1990): P(distance > d) is at most 2 exp(-2 n
/// d^2), whatever the law.
/// </summary>
internal static class Dkwm
{
    /// <summary>Draws of a test.</summary>
    public const int Draws = 50_000;

    /// <summary>False alarms of one comparison.</summary>
    public const double FalseAlarm = 1e-6;

    /// <summary>
    /// Distance that draws of the law exceed with probability <see cref="FalseAlarm"/>: 0.0121. Twice that, 0.0241, is
    /// the smallest deviation of the law that is missed with probability below 1e-6.
    /// </summary>
    public static double Allowed { get; } = Math.Sqrt(Math.Log(2 / FalseAlarm) / (2 * Draws));

    /// <summary>Distance of draws [n] from a law, given the law's distribution function at each draw.</summary>
    public static double Distance(Tensor draws, Func<Tensor, Tensor> distribution)
    {
        using var scope = NewDisposeScope();
        var expected = EnergyCases.Values(distribution(draws.to_type(ScalarType.Float64)).sort().Values);
        var n = expected.Length;
        return expected.Select((p, i) => Math.Max(p - ((double)i / n), ((i + 1.0) / n) - p)).Max();
    }

    /// <summary>Fails where the draws do not have the law.</summary>
    public static void AssertLaw(string what, Tensor draws, Func<Tensor, Tensor> distribution)
    {
        Assert.Equal(Draws, draws.shape[0]);
        var distance = Distance(draws, distribution);
        Assert.True(
            distance <= Allowed,
            $"{what}: the distribution functions are {distance:g3} apart; {Allowed:g3} happens by chance.");
    }

    /// <summary>The standard normal's.</summary>
    public static Tensor Normal(Tensor x) => special.ndtr(x);

    /// <summary>That of half the squared norm of a standard normal with 2 k features.</summary>
    public static Func<Tensor, Tensor> Energy(int k) => e => special.gammainc(full_like(e, k), e);
}
