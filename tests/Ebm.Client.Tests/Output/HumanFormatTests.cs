using Ebm.Client.Output;

namespace Ebm.Client.Tests.Output;

public sealed class HumanFormatTests
{
    [Theory]
    [InlineData(12.345, "12.345"), InlineData(1234.56, "1234.6"), InlineData(0.001234, "0.00123"), InlineData(0, "0")]
    [InlineData(1.2e-7, "1.2e-07"), InlineData(-2.5e9, "-2.5e+09"), InlineData(double.NaN, "NaN")]
    public void Number_OfAValue_HasFewDigits(double value, string text) =>
        Assert.Equal(text, HumanFormat.Number(value));

    [Theory]
    [InlineData(9.94, "9.9 s"), InlineData(41, "41 s"), InlineData(182, "3 min 02 s"), InlineData(7500, "2 h 05 min")]
    [InlineData(360_000, "100 h 00 min"), InlineData(double.PositiveInfinity, "?")]
    public void Span_OfSeconds_NamesTwoUnits(double seconds, string text) =>
        Assert.Equal(text, HumanFormat.Span(seconds));

    [Theory]
    [InlineData(9_999, "9999 B"), InlineData(10_000, "10.0 kB"), InlineData(12_345_678, "12.3 MB")]
    [InlineData(5e10, "50.0 GB")]
    public void Size_OfBytes_HasASuitableUnit(double bytes, string text) => Assert.Equal(text, HumanFormat.Size(bytes));

    [Theory]
    [InlineData(1234.4, "1,234"), InlineData(12.34, "12.3"), InlineData(1.234, "1.23")]
    public void Rate_OfAValue_HasFewerDigitsWhereItIsLarge(double value, string text) =>
        Assert.Equal(text, HumanFormat.Rate(value));

    [Fact]
    public void Time_OfAnyZone_IsUtc() => Assert.Equal(
        "2026-12-01 06:03:04Z", HumanFormat.Time(new DateTimeOffset(2026, 12, 1, 7, 3, 4, TimeSpan.FromHours(1))));
}
