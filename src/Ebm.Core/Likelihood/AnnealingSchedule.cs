namespace Ebm.Core.Likelihood;

/// <summary>Inverse temperatures of an AIS run, in order.</summary>
/// <param name="Temperatures">
/// From 0 to 1 inclusive, or from 1 to 0. They are float32 numbers, so every kernel uses the same values.
/// </param>
/// <param name="Tunings">
/// Adapted values of the kernel at each temperature; empty for a kernel without adaptation.
/// </param>
internal sealed record AnnealingSchedule(
    IReadOnlyList<double> Temperatures, IReadOnlyList<IReadOnlyList<double>> Tunings)
{
    // Salakhutdinov and Murray's 14,500 steps: 500 over [0, 0.5], 4,000 over [0.5, 0.9], 10,000 over [0.9, 1].
    private const double StagedSteps = 14500;

    /// <summary>Number of steps.</summary>
    public int Steps => Temperatures.Count - 1;

    /// <summary>
    /// A schedule in the proportions of Salakhutdinov and Murray 2008: small steps near the model, whose chains mix
    /// slowly.
    /// </summary>
    public static AnnealingSchedule Staged(int steps) => Of(steps, StagedAt);

    /// <summary>A schedule of equal steps.</summary>
    public static AnnealingSchedule Even(int steps) => Of(steps, share => share);

    /// <summary>The temperature change of a step, from 1.</summary>
    public TemperatureChange Change(int step) =>
        new(Temperatures[step - 1], Temperatures[step], Tunings.Count == 0 ? [] : Tunings[step]);

    /// <summary>The reversed schedule.</summary>
    public AnnealingSchedule Back() => new([.. Temperatures.Reverse()], [.. Tunings.Reverse()]);

    /// <summary>The inverse temperature after a share of the steps of a staged schedule.</summary>
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
