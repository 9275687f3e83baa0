using System.Buffers;
using Ebm.Reporting.TensorBoard.Protocol;
using Ebm.Reporting.TensorBoard;

namespace Ebm.Library.Tests.Reporting.TensorBoard;

public sealed class EventRecordsTests
{
    [Fact]
    public void Crc32C_OfThePublishedCheckText_IsThePublishedValue()
    {
        Assert.Equal(0xE3069283, EventRecords.Crc32C("123456789"u8));
        Assert.Equal(0xE3069283, RecordedEvent.Crc32C("123456789"u8));
    }

    [Fact]
    public void Append_OfAFilesFirstEvent_BeginsAsEveryEventFileOfTensorFlow()
    {
        var records = new ArrayBufferWriter<byte>();
        EventRecords.Append(records, new Event { WallTime = 1.5, FileVersion = "brain.Event:2" });

        Assert.Equal("1800000000000000A37F4B2209", Convert.ToHexString(records.WrittenSpan[..13]));
        var e = Assert.Single(RecordedEvent.Read(records.WrittenSpan));
        Assert.Equal((1.5, 0L, "brain.Event:2"), (e.WallTime, e.Step, e.FileVersion));
    }

    [Fact]
    public void Append_OfEventsOfAnyLength_FramesEach()
    {
        var records = new ArrayBufferWriter<byte>();
        string[] versions = [.. Enumerable.Range(0, 40).Select(length => new string('x', length * length))];
        foreach (var version in versions)
        {
            EventRecords.Append(records, new Event { Step = version.Length, FileVersion = version });
        }

        Assert.Equal(versions, RecordedEvent.Read(records.WrittenSpan).Select(e => e.FileVersion));
    }
}
