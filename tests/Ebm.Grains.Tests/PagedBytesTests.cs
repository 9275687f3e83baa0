using CsCheck;
using Ebm.Contracts;
using Ebm.Core;

namespace Ebm.Grains.Tests;

/// <summary>Bytes that travel in pages arrive as they left, and pages that cannot be right are refused.</summary>
public sealed class PagedBytesTests
{
    private const int Limit = ByteBlock.Limit;

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(Limit - 1, 1)]
    [InlineData(Limit, 1)]
    [InlineData(Limit + 1, 2)]
    [InlineData(3L * Limit, 3)]
    [InlineData(100L * Limit * Limit, 100 * Limit)]
    public void CountPages_OfALength_IsTheCeilingAndAtLeastOne(long length, int pages) =>
        Assert.Equal(pages, PagedBytes.CountPages(length));

    [Fact]
    public void Collect_OfThePagesOfBytes_GivesTheBytes() => Gen.Int[0, (3 * Limit) + 1].Sample(
        length =>
        {
            var bytes = Numbered(length);
            var pages = new PagedBytes(bytes);
            Assert.Equal(pages.Count, pages.Pages.Count());
            var arrived = PagedBytes.Collect(
                page => Task.FromResult<BytePage?>(new BytePage(pages.Count, pages.Find(page)!.Value)));
            Assert.True(arrived.IsCompletedSuccessfully);
            return bytes.AsSpan().SequenceEqual(arrived.GetAwaiter().GetResult());
        },
        iter: 30);

    [Theory]
    [InlineData(-1)]
    [InlineData(2)]
    [InlineData(int.MaxValue)]
    [InlineData(int.MinValue)]
    public void Find_OfANumberThatIsNoPage_IsNull(int page) =>
        Assert.Null(new PagedBytes(Numbered(Limit + 1)).Find(page));

    [Fact]
    public void Find_OfEmptyBytes_IsOneEmptyPage()
    {
        Assert.Equal(0, new PagedBytes(default).Find(0)!.Value.Bytes.Length);
        Assert.Null(new PagedBytes(default).Find(1));
    }

    [Fact]
    public async Task Collect_OfAMissingPage_IsNullAndAsksForNoMore()
    {
        var asked = new List<int>();
        Assert.Null(await PagedBytes.Collect(page =>
        {
            asked.Add(page);
            return Task.FromResult<BytePage?>(page == 1 ? null : new BytePage(3, Block(Limit)));
        }));
        Assert.Equal([0, 1], asked);
    }

    /// <summary>Of metrics that a run appends to meanwhile.</summary>
    [Fact]
    public async Task Collect_OfBytesThatGrow_GivesThemAsTheyAreAtTheLastPage()
    {
        var lengths = new[] { Limit + 5, Limit + 9, Limit + 13 };
        var arrived = await PagedBytes.Collect(page =>
        {
            var now = new PagedBytes(Numbered(lengths[page]));
            return Task.FromResult<BytePage?>(new BytePage(now.Count, now.Find(page)!.Value));
        });
        Assert.Equal(Numbered(lengths[1]), arrived);
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(0, -1, 5)]
    [InlineData(0, PagedBytes.MostPages + 1, Limit)]
    [InlineData(0, 2, Limit - 1)]
    [InlineData(1, 2, 0)]
    [InlineData(1, 1, 5)]
    public async Task Collect_OfAPageThatCannotBe_IsAnError(int wrong, int pages, int length) =>
        await Assert.ThrowsAsync<EbmException>(() => PagedBytes.Collect(page => Task.FromResult<BytePage?>(
            page == wrong ? new BytePage(pages, Block(length)) : new BytePage(2, Block(Limit)))));

    private static ByteBlock Block(int length) => new(new byte[length]);

    private static byte[] Numbered(int length) => [.. Enumerable.Range(0, length).Select(i => (byte)(i * 31 % 251))];
}
