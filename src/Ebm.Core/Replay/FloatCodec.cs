using System.Runtime.InteropServices;

namespace Ebm.Core.Replay;

/// <summary>Uncompressed states: little-endian float32, bit for bit.</summary>
internal sealed class FloatCodec(int features) : StateCodec(features, features * sizeof(float))
{
    private protected override bool TryEncodeState(ReadOnlySpan<float> state, Span<byte> destination) =>
        MemoryMarshal.AsBytes(state).TryCopyTo(destination);

    private protected override void DecodeState(ReadOnlySpan<byte> encoded, Span<float> state) =>
        encoded.CopyTo(MemoryMarshal.AsBytes(state));

    private protected override bool CanEncode(float value, out string expected)
    {
        expected = "every float32";
        return true;
    }
}
