namespace Ebm.Core.Diagnostics;

/// <summary>
/// Draws of one real quantity by several chains of equal length, in the order in which they were drawn.
/// </summary>
public sealed class ChainDraws
{
    private readonly double[] _values;

    /// <summary>Takes <paramref name="values"/> as they are: chain after chain, [chains * length].</summary>
    public ChainDraws(int chains, double[] values)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(chains, 1);
        if (values.Length == 0 || values.Length % chains != 0)
        {
            throw new ArgumentException(
                $"{values.Length} draws are no whole draws of {chains} chains.", nameof(values));
        }

        (Chains, Length, _values) = (chains, values.Length / chains, values);
        IsFinite = Array.TrueForAll(values, double.IsFinite);
    }

    /// <summary>Number of chains.</summary>
    public int Chains { get; }

    /// <summary>Draws of each chain.</summary>
    public int Length { get; }

    /// <summary>Whether every draw is finite; where one is not, no diagnostic is a number.</summary>
    public bool IsFinite { get; }

    /// <summary>Whether some chain gave the same value in each of its draws, of which there are several.</summary>
    public bool HasStuckChain => Enumerable.Range(0, Chains).Any(IsStuck);

    /// <summary>All draws, chain after chain.</summary>
    public ReadOnlySpan<double> Values => _values;

    /// <summary>The draws of one chain.</summary>
    public ReadOnlySpan<double> this[int chain] => _values.AsSpan(chain * Length, Length);

    /// <summary>Whether a chain gave the same value in each of its draws, of which there are several.</summary>
    public bool IsStuck(int chain) => Length > 1 && !this[chain].ContainsAnyExcept(this[chain][0]);

    /// <summary>Each chain's halves as chains of their own; the middle draw of an odd number is left out.</summary>
    public ChainDraws Split()
    {
        var half = Length / 2;
        var halves = new double[2 * Chains * half];
        for (var chain = 0; chain < Chains; chain++)
        {
            this[chain][..half].CopyTo(halves.AsSpan(chain * half));
            this[chain][(Length - half)..].CopyTo(halves.AsSpan((Chains + chain) * half));
        }

        return new ChainDraws(2 * Chains, halves);
    }

    /// <summary>The same chains with a value put in place of each draw.</summary>
    internal ChainDraws Select(Func<double, double> value) => new(Chains, Array.ConvertAll(_values, v => value(v)));

    /// <summary>Mean of a chain; that of equal draws is exactly their value.</summary>
    internal double Mean(int chain) => Moments.Mean(this[chain]);

    /// <summary>Means of all chains.</summary>
    internal double[] Means() => [.. Enumerable.Range(0, Chains).Select(Mean)];
}
