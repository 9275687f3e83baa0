using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Ebm.Core.Randomness;

/// <summary>
/// The 64-bit key of one random stream. Randomness has no state in this system: a value is a function of a key and of a
/// counter (<see cref="NoiseSite"/>), so it is the same wherever and whenever it is computed.
/// </summary>
public readonly record struct RandomKey(ulong Value)
{
    /// <summary>
    /// The key of (seed, purpose, attempt, round): the first eight bytes of the SHA-256 of their little-endian bytes.
    /// Placement, lanes, silos, epochs and time never enter.
    /// </summary>
    public static RandomKey Derive(ulong seed, Purpose purpose, int attempt, long round)
    {
        Span<byte> message = stackalloc byte[24];
        BinaryPrimitives.WriteUInt64LittleEndian(message, seed);
        BinaryPrimitives.WriteUInt32LittleEndian(message[8..], (uint)purpose);
        BinaryPrimitives.WriteInt32LittleEndian(message[12..], attempt);
        BinaryPrimitives.WriteInt64LittleEndian(message[16..], round);
        Span<byte> digest = stackalloc byte[32];
        SHA256.HashData(message, digest);
        return new RandomKey(BinaryPrimitives.ReadUInt64LittleEndian(digest));
    }
}
