using Ebm.Grains.Reporting;

namespace Ebm.Grains.Tests.Reporting;

public sealed class SampleExcerptTests
{
    [Theory]
    [InlineData(0, "")]
    [InlineData(2, "ab")]
    [InlineData(3, "abc")]
    [InlineData(4, "abcd")]
    [InlineData(5, "abcde")]
    [InlineData(100, "abcde")]
    public void Of_Parts_IsTheirFirstBytes(int length, string expected)
    {
        ReadOnlyMemory<byte>[] parts = ["abc"u8.ToArray(), Array.Empty<byte>(), "de"u8.ToArray()];
        Assert.Equal(expected.Select(c => (byte)c), SampleExcerpt.Of(parts, length));
    }
}
