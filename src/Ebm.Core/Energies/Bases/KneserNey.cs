using Ebm.Core.Datasets;
using Ebm.Core.States;

namespace Ebm.Core.Energies.Bases;

/// <summary>
/// Interpolated Kneser-Ney n-grams of characters (Chen and Goodman 1999, section 4.1.6 with the discount of eq. 24): a
/// line is its start, its characters and its end, and the end is predicted like a character. Of each order, p(c |
/// context) = (max(n(context c) - D, 0) + D N(context) p(c | shorter context)) / n(context), where n counts occurrences
/// for the highest order and for n-grams at a line's start, and otherwise the different symbols that come before;
/// N(context) is the number of different symbols that follow; the lowest order is mixed with a uniform one. Counts and
/// basic arithmetic in double alone: every machine has the same bits.
/// </summary>
internal sealed class KneserNey
{
    /// <summary>Discount of an order in which nothing occurs once, where the estimate is not defined.</summary>
    private const double PlainDiscount = 0.5;

    /// <summary>Of contexts of 0, 1, ... symbols: probabilities [contexts, categories].</summary>
    private readonly double[][] _levels;
    private readonly int _categories;

    private KneserNey(double[][] levels, int categories) => (_levels, _categories) = (levels, categories);

    /// <summary>The symbol before a line's first one; symbols of contexts are categories, and this.</summary>
    public int Start => _categories;

    /// <summary>Most symbols in a context.</summary>
    public int LongestContext => _levels.Length - 1;

    /// <summary>Counts the rows, which end at their first padding; that is the symbol of a line's end.</summary>
    /// <param name="rows">uint8 [rows, length].</param>
    /// <param name="alphabet">Their alphabet.</param>
    /// <param name="order">Symbols in an n-gram of the highest order, from 1.</param>
    public static KneserNey Fit(DataRows rows, Alphabet alphabet, int order)
    {
        var symbols = alphabet.Categories + 1;
        var counts = Enumerable.Range(0, order + 1).Select(k => new int[Power(symbols, k)]).ToArray();
        Count(rows, alphabet, counts);
        for (var k = order - 1; k >= 1; k--)
        {
            CountPredecessors(counts[k], counts[k + 1]);
        }

        var levels = new double[order][];
        for (var k = 1; k <= order; k++)
        {
            levels[k - 1] = Level(counts[k], alphabet.Categories, k == 1 ? null : levels[k - 2]);
        }

        return new KneserNey(levels, alphabet.Categories);
    }

    /// <summary>p(c | context) of each category c.</summary>
    /// <param name="context">The symbols before, at most <see cref="LongestContext"/>.</param>
    public ReadOnlySpan<double> After(ReadOnlySpan<int> context)
    {
        var index = 0;
        foreach (var symbol in context)
        {
            index = (index * (_categories + 1)) + symbol;
        }

        return _levels[context.Length].AsSpan(index * _categories, _categories);
    }

    /// <summary>
    /// Counts, at each place, the longest n-gram that ends there: near a line's start it begins with the start.
    /// </summary>
    private static void Count(DataRows rows, Alphabet alphabet, int[][] counts)
    {
        var (order, symbols, column, gram, seen) = (counts.Length - 1, alphabet.Categories + 1, 0, 0, 0);
        TensorChunks.ForEach(rows.Stored, (bytes, _) =>
        {
            foreach (var symbol in bytes)
            {
                if (column == 0)
                {
                    (gram, seen) = (alphabet.Categories, 1);
                }

                // A row that is full has its end behind its last character; of a padded one the first padding is the
                // end.
                Add(symbol);
                if (++column == alphabet.Length)
                {
                    Add(alphabet.Padding);
                    column = 0;
                }
            }
        });

        void Add(byte symbol)
        {
            if (seen < 0)
            {
                return;
            }

            gram = ((gram * symbols) + symbol) % counts[order].Length;
            seen = Math.Min(seen + 1, order);
            counts[seen][gram]++;
            seen = symbol == alphabet.Padding ? -1 : seen;
        }
    }

    /// <summary>For n-grams that are not at a line's start: how many symbols come before each.</summary>
    private static void CountPredecessors(int[] counts, int[] longer)
    {
        // N-grams at a line's start were counted before, and nothing comes before them.
        for (var gram = 0; gram < longer.Length; gram++)
        {
            counts[gram % counts.Length] += longer[gram] > 0 ? 1 : 0;
        }
    }

    private static double[] Level(int[] counts, int categories, double[]? shorter)
    {
        var symbols = categories + 1;
        var discount = Discount(counts);
        var contexts = counts.Length / symbols;
        var level = new double[contexts * categories];
        for (var context = 0; context < contexts; context++)
        {
            var after = counts.AsSpan(context * symbols, categories);
            var (total, kinds) = (0L, 0);
            foreach (var count in after)
            {
                total += count;
                kinds += count > 0 ? 1 : 0;
            }

            for (var c = 0; c < categories; c++)
            {
                var lower = shorter is null ? 1.0 / categories : shorter[((context * categories) + c) % shorter.Length];
                level[(context * categories) + c] = total == 0
                    ? lower
                    : (Math.Max(after[c] - discount, 0) + (discount * kinds * lower)) / total;
            }
        }

        return level;
    }

    private static double Discount(int[] counts)
    {
        var (once, twice) = (counts.Count(c => c == 1), counts.Count(c => c == 2));
        return once == 0 ? PlainDiscount : once / (once + (2.0 * twice));
    }

    private static int Power(int number, int exponent) =>
        exponent == 0 ? 1 : checked(number * Power(number, exponent - 1));
}
