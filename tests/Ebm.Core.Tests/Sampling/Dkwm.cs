using Ebm.Core.Tests.Energies;
using static TorchSharp.torch;

namespace Ebm.Core.Tests.Sampling;

/// <summary>
/// Whether draws have a distribution, by the largest distance between their distribution function and the exact one
/// (Dvoretzky, Kiefer and Wolfowitz 1956, with the constant of Massart 1990): P(distance > d) is at most 2 exp(-2 n
/// d^2) for any distribution.
/// </summary>
internal static class Dkwm
{
    /// <summary>Draws of a test.</summary>
    public const int Draws = 50_000;

    /// <summary>False alarms of one comparison.</summary>
    public const double FalseAlarm = 1e-6;

    /// <summary>
    /// Distance that exact draws exceed with probability <see cref="FalseAlarm"/>: 0.0121. Twice that, 0.0241, is
    /// the smallest deviation that is missed with probability below 1e-6.
    /// </summary>
    public static double Allowed { get; } = Math.Sqrt(Math.Log(2 / FalseAlarm) / (2 * Draws));

    /// <summary>Distance of draws [n] from a distribution, given its distribution function at each draw.</summary>
    public static double Distance(Tensor draws, Func<Tensor, Tensor> distribution)
    {
        using var scope = NewDisposeScope();
        var expected = EnergyCases.Values(distribution(draws.to_type(ScalarType.Float64)).sort().Values);
        var n = expected.Length;
        return expected.Select((p, i) => Math.Max(p - ((double)i / n), ((i + 1.0) / n) - p)).Max();
    }

    /// <summary>Fails if the draws do not have the distribution.</summary>
    public static void AssertDistribution(string what, Tensor draws, Func<Tensor, Tensor> distribution)
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
