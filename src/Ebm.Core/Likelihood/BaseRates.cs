namespace Ebm.Core.Likelihood;

/// <summary>Independent binary units with the data's means: where the walk of a binary model starts.</summary>
public static class BaseRates
{
    /// <summary>
    /// Log-odds of each unit. A mean m of n rows is drawn towards 1/2 by one row of each kind, (n m + 1) / (n + 2), so that a
    /// unit that is never on in the data can be on in the base.
    /// </summary>
    /// <param name="mean">Mean of each unit over the data.</param>
    /// <param name="rows">Number of rows that the means are over.</param>
    public static float[] Logits(IReadOnlyList<float> mean, int rows) => [.. mean.Select(m =>
    {
        var p = ((m * (double)rows) + 1) / (rows + 2.0);
        return (float)Math.Log(p / (1 - p));
    })];

    /// <summary>log of the sum over all states of exp(x·logits): sum_i softplus(logit_i).</summary>
    public static double LogZ(IEnumerable<float> logits) =>
        logits.Sum(a => Math.Max(a, 0.0) + Math.Log(1 + Math.Exp(-Math.Abs((double)a))));
}
