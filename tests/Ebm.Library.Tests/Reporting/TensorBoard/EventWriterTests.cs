using Ebm.Reporting.TensorBoard;
using Microsoft.Extensions.Time.Testing;
using SkiaSharp;

namespace Ebm.Library.Tests.Reporting.TensorBoard;

public sealed class EventWriterTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2024, 5, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly string _folder = Directory.CreateTempSubdirectory("ebm-events-").FullName;
    private readonly FakeTimeProvider _time = new(Start);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Scalars_OfAnyValue_AreWrittenUnchanged()
    {
        double[] values = [0, -1.25, 1e-30, double.NaN, double.PositiveInfinity, double.NegativeInfinity];
        await using (var writer = Writer())
        {
            _time.Advance(TimeSpan.FromSeconds(0.5));
            writer.Scalars(7, values.Select((v, i) => KeyValuePair.Create($"figures/{i}", v)));
        }

        var events = RecordedEvent.ReadFile(Assert.Single(Files()));
        Assert.Equal("brain.Event:2", events[0].FileVersion);
        Assert.Equal(2, events.Count);
        Assert.Equal(7, events[1].Step);
        Assert.Equal(Start.ToUnixTimeSeconds() + 0.5, events[1].WallTime);
        Assert.Equal(
            values.Select((v, i) => ($"figures/{i}", (float?)v)), events[1].Values.Select(v => (v.Tag, v.Scalar)));
    }

    [Theory]
    [InlineData(SKColorType.Gray8, SKAlphaType.Opaque, 1)]
    [InlineData(SKColorType.Rgba8888, SKAlphaType.Opaque, 3)]
    [InlineData(SKColorType.Rgba8888, SKAlphaType.Unpremul, 4)]
    public async Task Image_OfAnyColours_HasThePngItsSizeAndItsColours(
        SKColorType colours, SKAlphaType alpha, int expected)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(3, 2, colours, alpha));
        using var png = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        await using (var writer = Writer())
        {
            writer.Image(4, "samples", png.ToArray());
        }

        var value = Assert.Single(RecordedEvent.ReadFile(Assert.Single(Files()))[1].Values);
        Assert.Equal(
            ("samples", 2, 3, expected), (value.Tag, value.Image!.Height, value.Image.Width, value.Image.Colorspace));
        Assert.Equal(png.ToArray(), value.Image.Png);
    }

    [Fact]
    public async Task Text_OfAnyCharacters_IsAStringForThePluginOfTexts()
    {
        await using (var writer = Writer())
        {
            writer.Text(4, "samples", "größer\nkleiner");
        }

        var value = Assert.Single(RecordedEvent.ReadFile(Assert.Single(Files()))[1].Values);
        Assert.Equal(("samples", "größer\nkleiner", "text"), (value.Tag, value.Text, value.Plugin));
    }

    [Fact]
    public async Task Writer_AfterTwoSeconds_HasWrittenItsEvents()
    {
        await using var writer = Writer();
        writer.Scalars(1, [new("a", 1)]);
        _time.Advance(EventWriter.Every / 2);
        Assert.Empty(Files());
        _time.Advance(EventWriter.Every / 2);
        Assert.Equal(2, RecordedEvent.ReadFile(Assert.Single(Files())).Count);
        writer.Scalars(2, [new("a", 2)]);
        _time.Advance(EventWriter.Every);
        Assert.Equal([0L, 1, 2], RecordedEvent.ReadFile(Assert.Single(Files())).Select(e => e.Step));
    }

    [Fact]
    public async Task Writer_AfterAnotherAtAnyClock_WritesALaterFile()
    {
        for (var i = 0; i < 3; i++)
        {
            await using var writer = new EventWriter(_folder, new FakeTimeProvider(Start.AddSeconds(-i * 1000)));
            writer.StartAt(10 * i);
        }

        Assert.Equal([0L, 10, 20], Files().Select(f => RecordedEvent.ReadFile(f)[1])
            .Select(e => e.IsStart ? e.Step : -1));
    }

    [Fact]
    public async Task Writer_WithoutEvents_LeavesNothing()
    {
        await Writer().DisposeAsync();
        Assert.Empty(Files());
    }

    [Fact]
    public async Task Writer_WhoseFolderCannotBeMade_ReportsItAndContinues()
    {
        var taken = Path.Combine(_folder, "taken");
        await File.WriteAllTextAsync(taken, "", TestContext.Current.CancellationToken);
        await using var writer = new EventWriter(taken, _time);
        writer.Scalars(1, [new("a", 1)]);
        Assert.Null(writer.Problem);
        _time.Advance(EventWriter.Every);
        Assert.StartsWith(
            $"no more event files for TensorBoard: {taken} cannot be written: ", writer.Problem,
            StringComparison.Ordinal);
        writer.Scalars(2, [new("a", 1)]);
        _time.Advance(EventWriter.Every);
    }

    [Fact]
    public async Task Writer_ThatGetsMoreThanItWrites_DropsSomeAndReportsIt()
    {
        await using var writer = Writer();
        for (var step = 0; step <= 16_384; step++)
        {
            Assert.Null(writer.Problem);
            writer.StartAt(step);
        }

        Assert.Contains("lack some events", writer.Problem, StringComparison.Ordinal);
    }

    private EventWriter Writer() => new(_folder, _time);

    private string[] Files() =>
        [.. Directory.EnumerateFiles(_folder, "events.out.tfevents.*").Order(StringComparer.Ordinal)];
}
