using Ebm.Core.Datasets;
using Ebm.Core.States;

namespace Ebm.Core.Energies.Bases;

/// <summary>
/// p_i(x_i | the n - 1 symbols before) of the lines that a Kneser-Ney model writes, with lengths by a law of their own:
/// p(x) = q(length) p_KN(x) / p_KN(length). That is a Markov chain again, by Doob's transform: with f = q /
/// p_KN(length) and h_i(context) = E_KN[f(length) | the line goes on to position i with this context], the step to c is
/// p_KN(c | context) h_{i+1}(context c) / h_i(context), and the end p_KN(end | context) f(i) / h_i(context).
/// </summary>
internal sealed class LineDistribution
{
    /// <summary>
    /// Share that every symbol gets in any case: a character behind the padding is unlikely, and not impossible.
    /// </summary>
    private const double Floor = 1e-6;

    /// <summary>Each length is counted half a time more than it occurs.</summary>
    private const double Extra = 0.5;

    private readonly KneserNey _model;
    private readonly Alphabet _alphabet;
    private readonly int _contextLength;
    private readonly int _contexts;
    private readonly int[] _context;

    private LineDistribution(KneserNey model, Alphabet alphabet)
    {
        (_model, _alphabet, _contextLength) = (model, alphabet, model.LongestContext);
        _contexts = 1;
        for (var i = 0; i < _contextLength; i++)
        {
            _contexts *= alphabet.Categories;
        }

        _context = new int[_contextLength];
    }

    /// <summary>
    /// The probabilities, [positions, symbols, ..., symbols]: of the last of n symbols given the others, which lie
    /// before it in the row; before a row is padding.
    /// </summary>
    public static double[] Of(DataRows rows, Alphabet alphabet, int order)
    {
        var law = new LineDistribution(KneserNey.Fit(rows, alphabet, order), alphabet);
        return law.Tables(law.LengthWeights(rows));
    }

    /// <summary>q(length) / p_KN(length) for lengths from 0 to a row's.</summary>
    private double[] LengthWeights(DataRows rows)
    {
        var weights = LengthFrequencies(rows);
        var arrived = new double[_contexts];
        arrived[^1] = 1;
        for (var i = 0; i < weights.Length; i++)
        {
            var (ended, next) = (0.0, new double[_contexts]);
            for (var context = 0; context < _contexts; context++)
            {
                if (arrived[context] == 0)
                {
                    continue;
                }

                var after = After(i, context);
                ended += arrived[context] * after[_alphabet.Padding];
                for (var c = 0; c < _alphabet.Padding; c++)
                {
                    next[Next(context, c)] += arrived[context] * after[c];
                }
            }

            weights[i] /= ended;
            arrived = next;
        }

        return weights;
    }

    private double[] LengthFrequencies(DataRows rows)
    {
        var counts = new double[_alphabet.Length + 1];
        var (column, length) = (0, 0);
        TensorChunks.ForEach(rows.Stored, (bytes, _) =>
        {
            foreach (var symbol in bytes)
            {
                length = symbol == _alphabet.Padding ? length : column + 1;
                if (++column == _alphabet.Length)
                {
                    counts[length]++;
                    (column, length) = (0, 0);
                }
            }
        });
        return Array.ConvertAll(counts, count => (count + Extra) / (rows.Count + (counts.Length * Extra)));
    }

    private double[] Tables(double[] weights)
    {
        var (length, symbols, end) = (_alphabet.Length, _alphabet.Categories, _alphabet.Padding);
        var tables = new double[length * _contexts * symbols];
        var later = new double[_contexts];
        for (var context = 0; context < _contexts; context++)
        {
            later[context] = After(length, context)[end] * weights[length];
        }

        for (var i = length - 1; i >= 0; i--)
        {
            var now = new double[_contexts];
            for (var context = 0; context < _contexts; context++)
            {
                var after = After(i, context);
                var steps = tables.AsSpan(((i * _contexts) + context) * symbols, symbols);
                for (var c = 0; c < symbols; c++)
                {
                    steps[c] = after[c] * (c == end ? weights[i] : later[Next(context, c)]);
                    now[context] += steps[c];
                }

                var hasEnded = i > 0 && context % symbols == end;
                for (var c = 0; c < symbols; c++)
                {
                    var step = !hasEnded ? steps[c] / now[context] : c == end ? 1 : 0;
                    steps[c] = ((1 - Floor) * step) + (Floor / symbols);
                }
            }

            later = now;
        }

        return tables;
    }

    private int Next(int context, int symbol) => ((context * _alphabet.Categories) + symbol) % _contexts;

    /// <summary>
    /// p_KN of the symbol at a position, given the symbols before it; before the row is the line's start.
    /// </summary>
    private ReadOnlySpan<double> After(int position, int context)
    {
        for (var i = _contextLength - 1; i >= 0; i--)
        {
            (context, _context[i]) = Math.DivRem(context, _alphabet.Categories);
        }

        var outside = Math.Max(0, _contextLength - position);
        if (outside == 0)
        {
            return _model.After(_context);
        }

        _context[outside - 1] = _model.Start;
        return _model.After(_context.AsSpan(outside - 1));
    }
}
