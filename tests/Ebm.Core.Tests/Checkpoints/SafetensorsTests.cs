using System.Buffers.Binary;
using System.Text;
using CsCheck;
using Ebm.Core.Checkpoints;
using Ebm.Core.Native;
using static TorchSharp.torch;

namespace Ebm.Core.Tests.Checkpoints;

public sealed class SafetensorsTests
{
    static SafetensorsTests() => TorchLibrary.EnsureLoaded();

    private static byte[] Written(params IReadOnlyList<NamedTensor> tensors)
    {
        using var buffer = new MemoryStream();
        Safetensors.Write(buffer, tensors);
        return buffer.ToArray();
    }

    private static byte[] File(string header, int data)
    {
        var text = Encoding.UTF8.GetBytes(header);
        var file = new byte[8 + text.Length + data];
        BinaryPrimitives.WriteInt64LittleEndian(file, text.Length);
        text.CopyTo(file, 8);
        return file;
    }

    private static byte[] Sample() => Written(
        new NamedTensor("a", ElementType.F32, [2, 2], new byte[16]),
        new NamedTensor("empty", ElementType.U8, [0], default),
        new NamedTensor("b \"quoted\" \u00e9", ElementType.I64, [], new byte[8]));

    [Fact]
    public void Read_OfAWrittenFile_GivesTheSameTensors() =>
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 4], Gen.Enum<ElementType>(), Gen.Byte).Array[0, 5].Sample(parts =>
        {
            NamedTensor[] tensors = [.. parts.Select((p, i) =>
            {
                var bytes = new byte[p.Item1 * p.Item2 * NamedTensor.SizeOf(p.Item3)];
                Array.Fill(bytes, p.Item4);
                return new NamedTensor($"t{i}", p.Item3, [p.Item1, p.Item2], bytes);
            })];
            var read = Safetensors.Read(Written(tensors), "x").ToDictionary(t => t.Name);
            return read.Count == tensors.Length && tensors.All(t =>
                read[t.Name] is var r && r.Type == t.Type && r.Shape.SequenceEqual(t.Shape)
                && r.Bytes.Span.SequenceEqual(t.Bytes.Span));
        });

    [Fact]
    public void Write_OneTensor_GivesTheFormatsBytes()
    {
        var file = Written(new NamedTensor("x", ElementType.F32, [1], new byte[] { 1, 2, 3, 4 }));

        Assert.Equal(0, file.AsSpan(8).Length % 4);
        Assert.Equal(
            """{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""",
            Encoding.UTF8.GetString(file[8..^4]).TrimEnd());
        Assert.Equal([1, 2, 3, 4], file[^4..]);
    }

    [Theory]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", 4, "does not take 4 bytes")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 4, "has offsets [0, 8]")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 8, "8 bytes of data follow")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "begin at offset 4")]
    [InlineData(
        """{"x":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"y":{"dtype":"U8","shape":[4],"data_offsets":[2,6]}}""",
        6, "'y' begin at offset 2")]
    [InlineData(
        """{"x":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"x":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}""",
        0, "header is unreadable")]
    [InlineData("""{"x":{"dtype":"F16","shape":[2],"data_offsets":[0,4]}}""", 4, "elements of F16")]
    [InlineData("""{"x":{"dtype":"F32","shape":[-1,-1],"data_offsets":[0,4]}}""", 4, "does not take")]
    [InlineData(
        """{"x":{"dtype":"F32","shape":[9223372036854775807,9223372036854775807,4],"data_offsets":[0,4]}}""", 4,
        "does not take")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1]}}""", 4, "header is unreadable")]
    [InlineData("""[1]""", 0, "header is unreadable")]
    public void Read_OfABadHeader_NamesTheFileAndWhatIsWrong(string header, int data, string expected)
    {
        var error = Assert.Throws<InputException>(() => Safetensors.Read(File(header, data), "run/p.safetensors"));
        Assert.StartsWith("run/p.safetensors", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_OfAHugeHeaderLength_IsRefused()
    {
        var file = Sample();
        BinaryPrimitives.WriteUInt64LittleEndian(file, ulong.MaxValue);
        Assert.Throws<InputException>(() => Safetensors.Read(file, "x"));
    }

    /// <summary>Any change of bytes and any cut gives tensors or an input error, and never anything else.</summary>
    [Fact]
    public void Read_OfAlteredFiles_NeverFailsOtherwise() =>
        Gen.Select(Gen.Int[0, 400], Gen.Select(Gen.Int[0, 400], Gen.Byte).Array[0, 4]).Sample((length, changes) =>
        {
            var file = Sample();
            Array.Resize(ref file, Math.Min(file.Length, length));
            foreach (var (at, value) in changes.Where(c => c.Item1 < length && c.Item1 < 300))
            {
                if (at < file.Length)
                {
                    file[at] = value;
                }
            }

            try
            {
                Safetensors.Read(file, "x");
            }
            catch (InputException)
            {
            }
        }, iter: 20_000);

    [Fact]
    public void ToTensor_OfATensor_IsEqualToIt()
    {
        using var value = arange(12, ScalarType.Float32).view(3, 4);
        using var transposed = value.t();
        using var read = Safetensors.Read(Written(NamedTensor.Of("x", transposed)), "x")[0].ToTensor(CPU);

        Assert.True(read.Equals(transposed));
    }
}
