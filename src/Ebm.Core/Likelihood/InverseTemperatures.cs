namespace Ebm.Core.Likelihood;

/// <summary>The inverse temperatures of a walk, ascending from 0 to 1, both included.</summary>
public static class InverseTemperatures
{
    /// <summary>
    /// <paramref name="steps"/> steps in the shares of Salakhutdinov and Murray's 14,500: 500 over [0, 0.5], 4,000 over [0.5, 0.9],
    /// 10,000 over [0.9, 1]. The closer to the model, the slower its chains mix.
    /// </summary>
    public static double[] Staged(int steps)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        return [.. Enumerable.Range(0, steps + 1).Select(i => At(i / (double)steps * 14500))];
    }

    /// <summary>Equal steps.</summary>
    public static double[] Even(int steps)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        return [.. Enumerable.Range(0, steps + 1).Select(i => i / (double)steps)];
    }

    private static double At(double place) => place switch
    {
        <= 500 => place / 1000,
        <= 4500 => 0.5 + ((place - 500) / 10000),
        < 14500 => 0.9 + ((place - 4500) / 100000),
        _ => 1,
    };
}
