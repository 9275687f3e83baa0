using CsCheck;
using Ebm.Core.Learning;

namespace Ebm.Core.Tests.Learning;

public sealed class BlockTreeTests
{
    /// <summary>Writes down the order of additions: a non-associative sum.</summary>
    private static string Add(string a, string b) => $"({a}{b})";

    private static string Leaf(int i) => $"{i}.";

    [Theory]
    [InlineData(1, "0.")]
    [InlineData(2, "(0.1.)")]
    [InlineData(3, "((0.1.)2.)")]
    [InlineData(5, "(((0.1.)(2.3.))4.)")]
    [InlineData(8, "(((0.1.)(2.3.))((4.5.)(6.7.)))")]
    public void Reduce_SmallTrees_AssociatesAsDefined(int leaves, string expected) =>
        Assert.Equal(expected, BlockTree.Reduce(leaves, Leaf, Add));

    [Fact]
    public void Merge_OfAnySplit_EqualsReduce() =>
        Gen.Select(Gen.Int[1, 200], Gen.Int[1, 220]).Sample((leaves, parts) =>
        {
            var ranges = BlockTree.Split(leaves, parts);
            var sums = ranges.ToDictionary(r => r, r => BlockTree.Reduce(r, Leaf, Add));
            return BlockTree.Merge(leaves, sums, Add) == BlockTree.Reduce(leaves, Leaf, Add);
        });

    [Fact]
    public void Split_AnyNumberOfParts_CoversAllLeavesInOrderWithEnoughParts() =>
        Gen.Select(Gen.Int[1, 200], Gen.Int[1, 220]).Sample((leaves, parts) =>
        {
            var ranges = BlockTree.Split(leaves, parts);
            return ranges.Count >= Math.Min(leaves, parts)
                && ranges.SelectMany(r => Enumerable.Range(r.Begin, r.Count))
                .SequenceEqual(Enumerable.Range(0, leaves));
        });

    [Fact]
    public void Merge_OfIncompleteSums_NamesTheMissingBlock()
    {
        var sums = BlockTree.Split(8, 4).Skip(1).ToDictionary(r => r, r => "");
        var error = Assert.Throws<ArgumentException>(() => BlockTree.Merge(8, sums, Add));
        Assert.Contains("block 0", error.Message, StringComparison.Ordinal);
    }
}
