using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Ebm.Core.Randomness;

/// <summary>
/// The 64-bit key of a random stream. Randomness is stateless: a value is a function of a key and a counter
/// (<see cref="NoiseSite"/>), independent of the place and time of its computation.
/// </summary>
public readonly record struct RandomKey(ulong Value)
{
    /// <summary>
    /// The key of (seed, purpose, attempt, round): the first eight bytes of the SHA-256 of their little-endian bytes.
    /// It does not depend on placement, lanes, silos, epochs or time.
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

/// <summary>The keys of one round of one attempt of a run.</summary>
internal readonly record struct RoundKeys(ulong Seed, int Attempt, long Round)
{
    /// <summary>The key of one purpose.</summary>
    public RandomKey For(Purpose purpose) => RandomKey.Derive(Seed, purpose, Attempt, Round);
}
