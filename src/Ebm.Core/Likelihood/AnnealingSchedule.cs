namespace Ebm.Core.Likelihood;

/// <summary>The inverse temperatures that a walk visits, in their order.</summary>
/// <param name="Temperatures">From 0 to 1, or back; both included. They are float32 numbers, so that every kernel means
/// the same by them.</param>
/// <param name="Tunings">What the kernel has adapted at each of them, or empty where it adapts nothing.</param>
public sealed record AnnealingSchedule(IReadOnlyList<double> Temperatures, IReadOnlyList<IReadOnlyList<double>> Tunings)
{
    // Salakhutdinov and Murray's 14,500 steps: 500 over [0, 0.5], 4,000 over [0.5, 0.9], 10,000 over [0.9, 1].
    private const double StagedSteps = 14500;

    /// <summary>Steps from the first to the last.</summary>
    public int Steps => Temperatures.Count - 1;

    /// <summary>
    /// Steps in the shares of Salakhutdinov and Murray 2008: small ones near the model, whose chains mix slowly.
    /// </summary>
    public static AnnealingSchedule Staged(int steps) => Of(steps, StagedAt);

    /// <summary>Equal steps.</summary>
    public static AnnealingSchedule Even(int steps) => Of(steps, share => share);

    /// <summary>The step with a number from 1.</summary>
    public TemperatureChange Change(int step) =>
        new(Temperatures[step - 1], Temperatures[step], Tunings.Count == 0 ? [] : Tunings[step]);

    /// <summary>The way back.</summary>
    public AnnealingSchedule Back() => new([.. Temperatures.Reverse()], [.. Tunings.Reverse()]);

    /// <summary>The inverse temperature after a share of a staged route's steps.</summary>
    internal static double StagedAt(double share) => (share * StagedSteps) switch
    {
        <= 500 and var place => place / 1000,
        <= 4500 and var place => 0.5 + ((place - 500) / 10000),
        var place => 0.9 + ((place - 4500) / 100000),
    };

    private static AnnealingSchedule Of(int steps, Func<double, double> at)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        return new([.. Enumerable.Range(0, steps).Select(i => (double)(float)at(i / (double)steps)), 1], []);
    }
}
