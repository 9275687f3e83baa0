using Ebm.Core.Energies.Bases;
using Ebm.Core.Native;
using Ebm.Core.States;
using Ebm.Core.Tests.Datasets;
using static TorchSharp.torch;

namespace Ebm.Core.Tests.Energies.Bases;

public sealed class NgramBaseTests
{
    static NgramBaseTests() => TorchLibrary.EnsureLoaded();

    private const int A = 0, B = 1, End = 2;

    [Fact]
    public void KneserNey_OfThreeLines_IsTheCalculationByHand()
    {
        var data = SmallDatasets.OfText("ab", 3, "ab", "ab", "b");
        var model = KneserNey.Fit(data.Train, data.Alphabet!, 2);

        // After different symbols come a (the start), b (the start, a) and the end (b): D = 2 / (2 + 2 * 1) = 1/2.
        AssertNear([0.25, 0.5, 0.25], model.After([]));

        // start-a twice, start-b once, a-b twice, b-end three times: D = 1 / (1 + 2 * 2) = 1/5.
        AssertNear([(1.8 + (0.4 * 0.25)) / 3, (0.8 + (0.4 * 0.5)) / 3, 0.4 * 0.25 / 3], model.After([model.Start]));
        AssertNear([0.2 * 0.25 / 2, (1.8 + (0.2 * 0.5)) / 2, 0.2 * 0.25 / 2], model.After([A]));
        AssertNear([0.2 * 0.25 / 3, 0.2 * 0.5 / 3, (2.8 + (0.2 * 0.25)) / 3], model.After([B]));
    }

    [Fact]
    public void KneserNey_AfterAnyContext_IsADistribution()
    {
        var data = BaseCases.Text();
        var model = KneserNey.Fit(data.Train, data.Alphabet!, 4);
        int[] symbols = [A, B, End, model.Start];
        foreach (var context in from a in symbols from b in symbols from c in symbols select new[] { a, b, c })
        {
            Assert.Equal(1, model.After(context).ToArray().Sum(), 1e-12);
            Assert.True(model.After(context).ToArray().All(p => p > 0));
        }
    }

    /// <summary>
    /// Lengths have the lines' frequencies, half a line added to each; given the length, rows are as probable as under
    /// Kneser-Ney. What is left of either is the 1e-6 that each symbol has in any case.
    /// </summary>
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(6)]
    public void LogProbability_OfEveryRow_IsThatOfItsLengthTimesKneserNeyGivenTheLength(int order)
    {
        using var scope = NewDisposeScope();
        var data = BaseCases.Text();
        var model = KneserNey.Fit(data.Train, data.Alphabet!, order);
        var given = NgramBase.Fit(BaseCases.Space, data, order);
        var states = BaseCases.States(BaseCases.Space);
        var found = EnergyCases.Values(given.LogProbability(states).exp());
        var rows = states.data<double>().ToArray().Chunk(BaseCases.Length)
            .Select((row, i) => (Line: row.Select(x => (int)x).TakeWhile(c => c != End).ToArray(), Row: row,
                Probability: found[i]))
            .Where(r => r.Row.Skip(r.Line.Length).All(c => c == End))
            .ToLookup(r => r.Line.Length);

        for (var length = 0; length <= BaseCases.Length; length++)
        {
            var wanted = (BaseCases.Lines.Count(l => l.Length == length) + 0.5) / (BaseCases.Lines.Length + 2.5);
            var whole = rows[length].Sum(r => ByKneserNey(model, r.Line));
            foreach (var (line, _, probability) in rows[length])
            {
                var expected = wanted * ByKneserNey(model, line) / whole;
                Assert.Equal(expected, probability, 1e-6 + (3e-5 * expected));
            }
        }

        Assert.Equal(1, rows.Sum(length => length.Sum(r => r.Probability)), 1e-5);
    }

    [Fact]
    public void Fit_OfTooManyNgrams_NamesTheField()
    {
        var characters = string.Concat(Enumerable.Range(33, 90).Select(c => (char)c));
        var data = SmallDatasets.OfText(characters, 90, characters);
        var space = new StateSpace(90, UnitKind.Categorical, null, data.Alphabet!.Categories);

        var error = Assert.Throws<InputException>(() => NgramBase.Fit(space, data, 3));

        Assert.All(
            ["energy.baseOrder", "91 symbols at 90 positions", "lower order"],
            text => Assert.Contains(text, error.Message, StringComparison.Ordinal));
    }

    private static double ByKneserNey(KneserNey model, int[] line)
    {
        int[] symbols = [model.Start, .. line, End];
        return Enumerable.Range(1, line.Length + 1).Aggregate(
            1.0, (p, i) => p * model.After(symbols.AsSpan(..i)[^Math.Min(i, model.LongestContext)..])[symbols[i]]);
    }

    private static void AssertNear(double[] expected, ReadOnlySpan<double> found)
    {
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], found[i], 1e-12);
        }
    }
}
