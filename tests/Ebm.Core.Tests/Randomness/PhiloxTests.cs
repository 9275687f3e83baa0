using Ebm.Core.Randomness;

namespace Ebm.Core.Tests.Randomness;

public sealed class PhiloxTests
{
    /// <summary>
    /// The known answers that the paper's authors publish with Random123 (kat_vectors, philox4x32 10).
    /// </summary>
    [Theory]
    [InlineData(0u, 0u, 0u, 0u, 0ul, 0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u)]
    [InlineData(0xffffffffu, 0xffffffffu, 0xffffffffu, 0xffffffffu, 0xfffffffffffffffful,
        0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu)]
    [InlineData(0x243f6a88u, 0x85a308d3u, 0x13198a2eu, 0x03707344u, 0x299f31d0a4093822ul,
        0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u)]
    public void Words_OfPublishedCounters_AreThePublishedAnswers(
        uint c0, uint c1, uint c2, uint c3, ulong key, uint w0, uint w1, uint w2, uint w3) =>
        Assert.Equal(new PhiloxWords(w0, w1, w2, w3), Philox.Words(new RandomKey(key), c0, c1, c2, c3));

    [Fact]
    public void Word_OfARowAndColumn_IsTheDocumentedCounter()
    {
        var site = new NoiseSite(new RandomKey(42), FirstChain: 100, Step: 7, Draw: 1);

        // Column 150 is column 22 of block 2: lane 6 of word 1.
        Assert.Equal(Philox.Words(site.Key, 2 * 16 + 6, 103, 7, 1).W1, Philox.Word(site, row: 3, column: 150));
    }
}
