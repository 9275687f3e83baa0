using System.Buffers.Binary;
using System.Text.Json;

namespace Ebm.Core.Checkpoints;

/// <summary>
/// The safetensors format: eight bytes of header length, a JSON header of names, types, shapes and offsets, then the
/// data without gaps. Reading any file gives its tensors or an <see cref="InputException"/>.
/// </summary>
internal static class Safetensors
{
    private const int LengthSize = 8, Alignment = 8;
    private const string Metadata = "__metadata__";

    /// <summary>The format's limit of a header, 100 MB.</summary>
    private const long MaxHeader = 100_000_000;

    /// <summary>Writes tensors in the order given.</summary>
    public static void Write(Stream stream, IReadOnlyList<NamedTensor> tensors)
    {
        var header = Header(tensors);
        Span<byte> length = stackalloc byte[LengthSize];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        stream.Write(length);
        stream.Write(header);
        foreach (var tensor in tensors)
        {
            stream.Write(tensor.Bytes.Span);
        }
    }

    /// <summary>
    /// The tensors of <paramref name="file"/>, in the order of their data; their bytes are slices of it.
    /// </summary>
    /// <param name="file">Contents of the file.</param>
    /// <param name="path">Name of the file in messages.</param>
    /// <exception cref="InputException">
    /// The file is not a complete safetensors file, or has unsupported types.
    /// </exception>
    public static IReadOnlyList<NamedTensor> Read(ReadOnlyMemory<byte> file, string path)
    {
        if (file.Length < LengthSize)
        {
            throw Bad(path, $"it has {file.Length} bytes; expected at least {LengthSize}");
        }

        var length = BinaryPrimitives.ReadUInt64LittleEndian(file.Span);
        if (length > MaxHeader || (long)length > file.Length - LengthSize)
        {
            throw Bad(
                path,
                $"the header length is {length} bytes; expected at most {MaxHeader}, "
                + $"and at most the {file.Length - LengthSize} bytes that follow");
        }

        var data = file[(LengthSize + (int)length)..];
        var tensors = Parse(file.Slice(LengthSize, (int)length), data, path);
        tensors.Sort((a, b) => a.Begin != b.Begin ? a.Begin.CompareTo(b.Begin) : a.End.CompareTo(b.End));
        var at = 0L;
        foreach (var (begin, end, tensor) in tensors)
        {
            at = begin == at
                ? end
                : throw Bad(path, $"the data of '{tensor.Name}' begin at offset {begin}; expected {at}");
        }

        return at == data.Length
            ? [.. tensors.Select(t => t.Tensor)]
            : throw Bad(path, $"{data.Length} bytes of data follow the header; expected {at}");
    }

    private static byte[] Header(IReadOnlyList<NamedTensor> tensors)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            var at = 0L;
            foreach (var tensor in tensors)
            {
                json.WriteStartObject(tensor.Name);
                json.WriteString("dtype", tensor.Type.ToString());
                WriteNumbers(json, "shape", tensor.Shape);
                WriteNumbers(json, "data_offsets", [at, at + tensor.Bytes.Length]);
                json.WriteEndObject();
                at += tensor.Bytes.Length;
            }

            json.WriteEndObject();
        }

        while (buffer.Length % Alignment != 0)
        {
            buffer.WriteByte((byte)' ');
        }

        return buffer.ToArray();
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, IReadOnlyList<long> numbers)
    {
        json.WriteStartArray(name);
        foreach (var number in numbers)
        {
            json.WriteNumberValue(number);
        }

        json.WriteEndArray();
    }

    private static List<(long Begin, long End, NamedTensor Tensor)> Parse(
        ReadOnlyMemory<byte> header, ReadOnlyMemory<byte> data, string path)
    {
        try
        {
            using var json = JsonDocument.Parse(header, new JsonDocumentOptions { AllowDuplicateProperties = false });
            return [.. json.RootElement.EnumerateObject()
                .Where(entry => entry.Name != Metadata)
                .Select(entry => Entry(entry, data, path))];
        }
        catch (Exception e)
            when (e is JsonException or FormatException or InvalidOperationException or KeyNotFoundException)
        {
            throw new InputException($"{path} is not a safetensors file: its header is unreadable ({e.Message}).", e);
        }
    }

    private static (long Begin, long End, NamedTensor Tensor) Entry(
        JsonProperty entry, ReadOnlyMemory<byte> data, string path)
    {
        var dtype = entry.Value.GetProperty("dtype").GetString() ?? "null";
        var type = dtype switch
        {
            nameof(ElementType.F32) => ElementType.F32,
            nameof(ElementType.U8) => ElementType.U8,
            nameof(ElementType.I64) => ElementType.I64,
            nameof(ElementType.F64) => ElementType.F64,
            _ => throw Bad(path, $"'{entry.Name}' has elements of {dtype}; expected F32, F64, U8 or I64"),
        };
        long[] shape = [.. entry.Value.GetProperty("shape").EnumerateArray().Select(n => n.GetInt64())];
        long[] offsets = [.. entry.Value.GetProperty("data_offsets").EnumerateArray().Select(n => n.GetInt64())];
        if (offsets is not [var begin, var end] || begin < 0 || end < begin || end > data.Length)
        {
            throw Bad(
                path, $"'{entry.Name}' has offsets [{string.Join(", ", offsets)}] of {data.Length} bytes of data");
        }

        return Fits(shape, NamedTensor.SizeOf(type), end - begin)
            ? (begin, end, new NamedTensor(entry.Name, type, shape, data[(int)begin..(int)end]))
            : throw Bad(
                path,
                $"'{entry.Name}' of shape [{string.Join(", ", shape)}] in {dtype} does not take {end - begin} bytes");
    }

    /// <summary>Whether the shape takes exactly <paramref name="bytes"/>; false if the product overflows.</summary>
    private static bool Fits(long[] shape, long size, long bytes)
    {
        Int128 product = size;
        foreach (var n in shape)
        {
            if (n < 0 || (product *= n) > long.MaxValue)
            {
                return false;
            }
        }

        return product == bytes;
    }

    private static InputException Bad(string path, string problem) =>
        new($"{path} is not a complete safetensors file: {problem}.");
}
