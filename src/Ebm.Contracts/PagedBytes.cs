using Ebm.Core;

namespace Ebm.Contracts;

/// <summary>
/// Bytes as a sequence of pages, each of which fits in one message: all have <see cref="ByteBlock.Limit"/> bytes but
/// the last, which has the rest. Empty bytes are one empty page.
/// </summary>
/// <param name="bytes">The bytes; they no longer change.</param>
internal readonly struct PagedBytes(ReadOnlyMemory<byte> bytes)
{
    /// <summary>Most pages that <see cref="Collect"/> joins: more do not fit in one array.</summary>
    public const int MostPages = int.MaxValue / ByteBlock.Limit;

    /// <summary>Number of pages, at least 1.</summary>
    public int Count => CountPages(bytes.Length);

    /// <summary>All pages, in order.</summary>
    public IEnumerable<ByteBlock> Pages
    {
        get
        {
            for (var page = 0; Find(page) is { } block; page++)
            {
                yield return block;
            }
        }
    }

    /// <summary>Number of pages that so many bytes take.</summary>
    public static int CountPages(long length) => (int)Math.Max(1, (length + ByteBlock.Limit - 1) / ByteBlock.Limit);

    /// <summary>
    /// A page by its number, from 0; null if there is none: the number may come from another process.
    /// </summary>
    public ByteBlock? Find(int page)
    {
        if (page < 0 || page >= Count)
        {
            return null;
        }

        var start = page * ByteBlock.Limit;
        return new ByteBlock(bytes.Slice(start, Math.Min(ByteBlock.Limit, bytes.Length - start)));
    }

    /// <summary>Fetches pages from 0 on, one after the other, and joins them; null as soon as one is missing.</summary>
    /// <param name="fetch">
    /// A page by its number, with the number of pages at that time: a file that grows meanwhile may have more than at
    /// first.
    /// </param>
    /// <exception cref="EbmException">
    /// A page has another length than its number implies, or there are too many.
    /// </exception>
    public static async Task<byte[]?> Collect(Func<int, Task<BytePage?>> fetch)
    {
        var parts = new List<ReadOnlyMemory<byte>>();
        for (var (page, pages) = (0, 1); page < pages; page++)
        {
            if (await fetch(page) is not { } part)
            {
                return null;
            }

            Check(page, part);
            pages = part.Pages;
            parts.Add(part.Bytes.Bytes);
        }

        var all = new byte[parts.Sum(part => part.Length)];
        var at = 0;
        foreach (var part in parts)
        {
            part.CopyTo(all.AsMemory(at));
            at += part.Length;
        }

        return all;
    }

    private static void Check(int page, BytePage part)
    {
        var length = part.Bytes.Bytes.Length;
        if (part.Pages is < 1 or > MostPages || page >= part.Pages)
        {
            throw new EbmException(
                $"page {page} of {part.Pages} arrived; expected a number below a count of 1 to {MostPages}.");
        }

        var isLast = page == part.Pages - 1;
        if (isLast ? length == 0 && page > 0 : length != ByteBlock.Limit)
        {
            var expected = isLast ? "at least 1" : $"{ByteBlock.Limit}";
            throw new EbmException($"page {page} of {part.Pages} has {length} bytes; expected {expected}.");
        }
    }
}

/// <summary>A page that has arrived.</summary>
/// <param name="Pages">Number of pages.</param>
/// <param name="Bytes">Its bytes.</param>
internal readonly record struct BytePage(int Pages, ByteBlock Bytes);
