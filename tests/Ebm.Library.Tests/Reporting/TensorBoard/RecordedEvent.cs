using System.Buffers.Binary;
using System.Text;
using Google.Protobuf;

namespace Ebm.Library.Tests.Reporting.TensorBoard;

/// <summary>
/// An event as another program reads it from an event file: framing and checksums are computed bit by bit from their
/// definition, and fields are found by the numbers that TensorFlow's .proto files publish.
/// </summary>
internal sealed record RecordedEvent(
    double WallTime, long Step, string? FileVersion, bool IsStart, IReadOnlyList<RecordedValue> Values)
{
    /// <summary>The events of a file, whose every byte belongs to a whole record.</summary>
    public static IReadOnlyList<RecordedEvent> ReadFile(string path) => Read(File.ReadAllBytes(path));

    /// <summary>
    /// The events of all files of a folder, less those that a later start made void: what TensorBoard shows.
    /// </summary>
    public static IReadOnlyList<RecordedEvent> ReadFolder(string folder)
    {
        var shown = new List<RecordedEvent>();
        foreach (var e in Directory.EnumerateFiles(folder, "*tfevents*").Order(StringComparer.Ordinal)
            .SelectMany(ReadFile))
        {
            if (e.IsStart)
            {
                shown.RemoveAll(earlier => earlier.Step >= e.Step);
            }

            shown.Add(e);
        }

        return shown;
    }

    /// <summary>The events of a file's bytes.</summary>
    public static IReadOnlyList<RecordedEvent> Read(ReadOnlySpan<byte> bytes)
    {
        var events = new List<RecordedEvent>();
        while (!bytes.IsEmpty)
        {
            var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes);
            Assert.Equal(Masked(bytes[..8]), BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]));
            var data = bytes.Slice(12, length);
            Assert.Equal(Masked(data), BinaryPrimitives.ReadUInt32LittleEndian(bytes[(12 + length)..]));
            events.Add(Parse(data.ToArray()));
            bytes = bytes[(length + 16)..];
        }

        return events;
    }

    /// <summary>CRC-32C by its definition: the reflected polynomial 0x1EDC6F41, a bit at a time.</summary>
    public static uint Crc32C(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) * 0x82F63B78);
            }
        }

        return ~crc;
    }

    private static uint Masked(ReadOnlySpan<byte> bytes)
    {
        var crc = Crc32C(bytes);
        return ((crc >> 15) | (crc << 17)) + 0xA282EAD8;
    }

    private static RecordedEvent Parse(byte[] bytes)
    {
        var e = new RecordedEvent(0, 0, null, false, []);
        foreach (var (field, input) in Fields(bytes))
        {
            e = field switch
            {
                1 => e with { WallTime = input.ReadDouble() },
                2 => e with { Step = input.ReadInt64() },
                3 => e with { FileVersion = input.ReadString() },
                5 => e with { Values = [.. Fields(input.ReadBytes().ToByteArray())
                    .Select(f => RecordedValue.Parse(f.Field, f.Input))] },
                7 => e with { IsStart = Fields(input.ReadBytes().ToByteArray())
                    .Select(f => (f.Field, f.Input.ReadInt32())).Contains((1, 1)) },
                _ => throw new InvalidDataException($"an event has no field {field}"),
            };
        }

        return e;
    }

    /// <summary>The fields of a message; each has to be read before the next is asked for.</summary>
    internal static IEnumerable<(int Field, CodedInputStream Input)> Fields(byte[] message)
    {
        var input = new CodedInputStream(message);
        while (input.ReadTag() is not 0 and var tag)
        {
            yield return (WireFormat.GetTagFieldNumber(tag), input);
        }
    }
}

/// <summary>A value of a summary.</summary>
internal sealed record RecordedValue(string Tag, float? Scalar, RecordedImage? Image, string? Text, string? Plugin)
{
    /// <summary>The value that a summary's only field, 1, holds.</summary>
    public static RecordedValue Parse(int field, CodedInputStream summary)
    {
        Assert.Equal(1, field);
        var value = new RecordedValue("", null, null, null, null);
        foreach (var (number, input) in RecordedEvent.Fields(summary.ReadBytes().ToByteArray()))
        {
            value = number switch
            {
                1 => value with { Tag = input.ReadString() },
                2 => value with { Scalar = input.ReadFloat() },
                4 => value with { Image = RecordedImage.Parse(input.ReadBytes().ToByteArray()) },
                8 => value with { Text = TextOf(input.ReadBytes().ToByteArray()) },
                9 => value with { Plugin = PluginOf(input.ReadBytes().ToByteArray()) },
                _ => throw new InvalidDataException($"a value has no field {number}"),
            };
        }

        return value;
    }

    private static string TextOf(byte[] tensor)
    {
        var (type, text) = (0, "");
        foreach (var (field, input) in RecordedEvent.Fields(tensor))
        {
            switch (field)
            {
                case 1: type = input.ReadInt32(); break;
                case 2: Assert.Empty(input.ReadBytes()); break;
                case 8: text = Encoding.UTF8.GetString(input.ReadBytes().ToByteArray()); break;
            }
        }

        Assert.Equal(7, type);
        return text;
    }

    private static string PluginOf(byte[] metadata)
    {
        var (data, plugin) = Assert.Single(RecordedEvent.Fields(metadata)
            .Select(f => (f.Field, f.Input.ReadBytes().ToByteArray())));
        var (name, text) = Assert.Single(RecordedEvent.Fields(plugin).Select(f => (f.Field, f.Input.ReadString())));
        Assert.Equal((1, 1), (data, name));
        return text;
    }
}

/// <summary>An image of a summary.</summary>
internal sealed record RecordedImage(int Height, int Width, int Colorspace, byte[] Png)
{
    public static RecordedImage Parse(byte[] image)
    {
        var read = new RecordedImage(0, 0, 0, []);
        foreach (var (field, input) in RecordedEvent.Fields(image))
        {
            read = field switch
            {
                1 => read with { Height = input.ReadInt32() },
                2 => read with { Width = input.ReadInt32() },
                3 => read with { Colorspace = input.ReadInt32() },
                4 => read with { Png = input.ReadBytes().ToByteArray() },
                _ => throw new InvalidDataException($"an image has no field {field}"),
            };
        }

        return read;
    }
}
