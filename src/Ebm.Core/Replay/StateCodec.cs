using System.Runtime.InteropServices;
using Ebm.Core.Spec;
using Ebm.Core.States;
using TorchSharp;
using static TorchSharp.torch;

namespace Ebm.Core.Replay;

/// <summary>
/// Encoding of states in replay slots and in messages: the same number of bytes for every state, row after row.
/// Encoding a decoded state gives the same bytes. Immutable; shared by all lanes.
/// </summary>
internal abstract class StateCodec
{
    private readonly int _bytesPerReplica;

    private protected StateCodec(int features, int bytesPerReplica) =>
        (Features, _bytesPerReplica) = (features, bytesPerReplica);

    /// <summary>Numbers in a state.</summary>
    public int Features { get; }

    /// <summary>Replicas of a chain, one after the other; the first belongs to the model.</summary>
    public int Replicas { get; private set; } = 1;

    /// <summary>Bytes of an encoded chain, including all replicas.</summary>
    public int BytesPerState => _bytesPerReplica * Replicas;

    /// <summary>
    /// The codec of a spec; auto selects bits for binary, uint8 for categorical and float32 for real units.
    /// </summary>
    /// <param name="encoding">The encoding.</param>
    /// <param name="space">The states.</param>
    /// <param name="range">Range of real states; required by uint8.</param>
    /// <param name="replicas">Replicas of a chain.</param>
    /// <exception cref="InputException">The encoding cannot hold these states.</exception>
    public static StateCodec For(
        StateEncoding encoding, StateSpace space, (float Low, float High)? range, int replicas = 1)
    {
        var codec = Of(encoding, space, range);
        codec.Replicas = replicas;
        return codec;
    }

    private static StateCodec Of(StateEncoding encoding, StateSpace space, (float Low, float High)? range) =>
        (encoding, space.Units) switch
        {
            (StateEncoding.Auto or StateEncoding.Bits, UnitKind.Binary) => new BitsCodec(space.Features),
            (StateEncoding.Auto or StateEncoding.Uint8, UnitKind.Categorical) =>
                new IndexCodec(space.Features, space.Categories),
            (StateEncoding.Auto or StateEncoding.Float32, _) => new FloatCodec(space.Features),
            (StateEncoding.Uint8, UnitKind.Real) when range is { } r => new LevelsCodec(space.Features, r.Low, r.High),
            (StateEncoding.Uint8, UnitKind.Real) => throw new InputException(
                "negatives.encoding: uint8 needs a range of states. Give the sampler a range, or use float32."),
            (StateEncoding.Bits, UnitKind.Real or UnitKind.Categorical) => throw new InputException(
                "negatives.encoding: bits needs binary units; this energy has others. Use uint8 or float32."),
            (StateEncoding.Uint8, UnitKind.Binary) => throw new InputException(
                "negatives.encoding: uint8 does not apply to the binary units of this energy. Use bits (or auto)."),
            _ => throw new ArgumentOutOfRangeException(nameof(encoding), encoding, "Unknown encoding."),
        };

    /// <summary>
    /// Encodes <paramref name="states"/>, [n, replicas * features], or [n, features] if all replicas of a chain are
    /// equal; float32, on any device.
    /// </summary>
    /// <param name="states">The states.</param>
    /// <param name="destination">Exactly n * <see cref="BytesPerState"/> bytes.</param>
    /// <exception cref="EbmException">A state has a value that the encoding cannot represent.</exception>
    public void Encode(Tensor states, Span<byte> destination)
    {
        if (states.dim() != 2
            || (states.size(1) != Features && states.size(1) != Features * Replicas)
            || states.dtype != ScalarType.Float32)
        {
            throw new ArgumentException(
                $"Expected float32 states [n, {Features}]; got {states.dtype} [{string.Join(", ", states.shape)}].",
                nameof(states));
        }

        var rows = (int)states.size(0);
        CheckLength(destination.Length, rows);
        if (rows == 0)
        {
            return;
        }

        using var scope = NewDisposeScope();
        var host = states.detach().to(CPU).contiguous();
        var values = MemoryMarshal.Cast<byte, float>(host.bytes);
        var width = (int)states.size(1);
        for (var part = 0; part < rows * Replicas; part++)
        {
            var (row, replica) = Math.DivRem(part, Replicas);
            var state = values.Slice((row * width) + (width == Features ? 0 : replica * Features), Features);
            if (!TryEncodeState(state, destination.Slice(part * _bytesPerReplica, _bytesPerReplica)))
            {
                throw Unencodable(state, row);
            }
        }
    }

    /// <summary>
    /// Decodes the first replica of <paramref name="count"/> chains to [count, features], float32, on
    /// <paramref name="device"/>.
    /// </summary>
    public Tensor Decode(ReadOnlySpan<byte> encoded, int count, Device device) => Decode(encoded, count, 1, device);

    /// <summary>Decodes all replicas: [count, replicas * features], float32, on <paramref name="device"/>.</summary>
    public Tensor DecodeReplicas(ReadOnlySpan<byte> encoded, int count, Device device) =>
        Decode(encoded, count, Replicas, device);

    private Tensor Decode(ReadOnlySpan<byte> encoded, int count, int replicas, Device device)
    {
        CheckLength(encoded.Length, count);
        var host = empty(count, Features * replicas, dtype: ScalarType.Float32);
        if (count > 0)
        {
            var values = MemoryMarshal.Cast<byte, float>(host.bytes);
            for (var part = 0; part < count * replicas; part++)
            {
                var (row, replica) = Math.DivRem(part, replicas);
                DecodeState(
                    encoded.Slice((row * BytesPerState) + (replica * _bytesPerReplica), _bytesPerReplica),
                    values.Slice(part * Features, Features));
            }
        }

        if (device.type == DeviceType.CPU)
        {
            return host;
        }

        using (host)
        {
            return host.to(device);
        }
    }

    /// <summary>Encodes one state; false if it has a value that the encoding cannot represent.</summary>
    private protected abstract bool TryEncodeState(ReadOnlySpan<float> state, Span<byte> destination);

    /// <summary>Decodes one state; overwrites all of <paramref name="state"/>.</summary>
    private protected abstract void DecodeState(ReadOnlySpan<byte> encoded, Span<float> state);

    /// <summary>
    /// Whether the encoding can represent a value; <paramref name="expected"/> describes the values that it can.
    /// </summary>
    private protected abstract bool CanEncode(float value, out string expected);

    private EbmException Unencodable(ReadOnlySpan<float> state, int row)
    {
        for (var i = 0; i < state.Length; i++)
        {
            if (!CanEncode(state[i], out var expected))
            {
                return new EbmException(
                    $"The state in row {row} has the value {state[i]} at feature {i}; the encoding stores {expected}.");
            }
        }

        return new EbmException($"The state in row {row} cannot be encoded.");
    }

    private void CheckLength(int bytes, int states)
    {
        if (bytes != (long)states * BytesPerState)
        {
            throw new ArgumentException(
                $"Expected {(long)states * BytesPerState} bytes for {states} states of {BytesPerState}; got {bytes}.");
        }
    }
}
