namespace Ebm.Contracts;

/// <summary>
/// Bytes that cross a silo boundary by reference where they can, and once where they cannot. A bare array or memory in
/// a signature is copied or encoded element by element, 5 to 20 times slower.
/// </summary>
/// <exception cref="ArgumentException">
/// More than <see cref="Limit"/> bytes: a larger message delays everything behind it.
/// </exception>
[GenerateSerializer, Immutable, Alias("ebm.bytes")]
internal readonly record struct ByteBlock
{
    /// <summary>Largest block, in bytes.</summary>
    public const int Limit = 4 << 20;

    /// <summary>Wraps bytes that no longer change.</summary>
    public ByteBlock(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length > Limit)
        {
            throw new ArgumentException(
                $"A block has {bytes.Length} bytes; expected at most {Limit}.", nameof(bytes));
        }

        Bytes = bytes;
    }

    /// <summary>The bytes.</summary>
    [Id(0)]
    public ReadOnlyMemory<byte> Bytes { get; }
}
