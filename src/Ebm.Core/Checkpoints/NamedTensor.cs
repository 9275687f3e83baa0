using static TorchSharp.torch;

namespace Ebm.Core.Checkpoints;

/// <summary>Stored element types, by their names in the safetensors format.</summary>
internal enum ElementType
{
    /// <summary>IEEE single precision.</summary>
    F32,

    /// <summary>Unsigned byte.</summary>
    U8,

    /// <summary>Signed 64-bit integer.</summary>
    I64,

    /// <summary>IEEE double precision.</summary>
    F64,
}

/// <summary>A stored tensor: little-endian bytes in row-major order.</summary>
internal sealed record NamedTensor(
    string Name, ElementType Type, IReadOnlyList<long> Shape, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>Copies a tensor from any device.</summary>
    public static NamedTensor Of(string name, Tensor value)
    {
        using var scope = NewDisposeScope();
        var type = value.dtype switch
        {
            ScalarType.Float32 => ElementType.F32,
            ScalarType.Byte => ElementType.U8,
            ScalarType.Int64 => ElementType.I64,
            ScalarType.Float64 => ElementType.F64,
            _ => throw new ArgumentException($"Unsupported element type {value.dtype}.", nameof(value)),
        };
        return new NamedTensor(name, type, value.shape, value.cpu().contiguous().bytes.ToArray());
    }

    /// <summary>Creates a tensor with these values on a device.</summary>
    public Tensor ToTensor(Device device)
    {
        using var scope = NewDisposeScope();
        var type = Type switch
        {
            ElementType.F32 => ScalarType.Float32,
            ElementType.U8 => ScalarType.Byte,
            ElementType.F64 => ScalarType.Float64,
            _ => ScalarType.Int64,
        };
        var value = empty([.. Shape], type);
        Bytes.Span.CopyTo(value.bytes);
        return value.to(device).MoveToOuterDisposeScope();
    }

    internal static int SizeOf(ElementType type) => type switch
    {
        ElementType.F32 => 4,
        ElementType.U8 => 1,
        _ => 8,
    };
}
