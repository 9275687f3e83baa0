using System.Runtime.InteropServices;
using Ebm.Core.Spec;
using Ebm.Core.States;
using TorchSharp;
using static TorchSharp.torch;

namespace Ebm.Core.Replay;

/// <summary>
/// How states rest in replay slots and travel between silos: every state in the same number of bytes, row after row.
/// What is decoded encodes to the same bytes again. Immutable; all lanes may share one.
/// </summary>
public abstract class StateCodec
{
    private readonly int _bytesPerReplica;

    private protected StateCodec(int features, int bytesPerReplica) =>
        (Features, _bytesPerReplica) = (features, bytesPerReplica);

    /// <summary>Numbers in a state.</summary>
    public int Features { get; }

    /// <summary>States that a chain consists of, one after the other, the model's first.</summary>
    public int Replicas { get; private set; } = 1;

    /// <summary>Bytes of an encoded chain: of all its replicas.</summary>
    public int BytesPerState => _bytesPerReplica * Replicas;

    /// <summary>
    /// The codec that a spec asks for; auto is bits for binary units, a byte for categorical and float32 for real ones.
    /// </summary>
    /// <param name="encoding">The encoding.</param>
    /// <param name="space">The states.</param>
    /// <param name="range">The range that real states are kept in; uint8 needs it.</param>
    /// <param name="replicas">States that a chain consists of.</param>
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
                "negatives.encoding is uint8, which needs the range that states are kept in: "
                + "give the sampler a range, or use float32."),
            (StateEncoding.Bits, UnitKind.Real or UnitKind.Categorical) => throw new InputException(
                "negatives.encoding is bits, but this energy's units are not binary: use uint8 or float32."),
            (StateEncoding.Uint8, UnitKind.Binary) => throw new InputException(
                "negatives.encoding is uint8, but this energy's units are binary: use bits (or auto)."),
            _ => throw new ArgumentOutOfRangeException(nameof(encoding), encoding, "Unknown encoding."),
        };

    /// <summary>
    /// Encodes <paramref name="states"/>, [n, replicas * features] or, where all replicas of a chain are alike, [n,
    /// features]; float32, on any device.
    /// </summary>
    /// <param name="states">The states.</param>
    /// <param name="destination">Exactly n * <see cref="BytesPerState"/> bytes.</param>
    /// <exception cref="EbmException">A state holds a value that the encoding has no code for.</exception>
    public void Encode(Tensor states, Span<byte> destination)
    {
        if (states.dim() != 2 || (states.size(1) != Features && states.size(1) != Features * Replicas)
            || states.dtype != ScalarType.Float32)
        {
            throw new ArgumentException(
                $"States must be float32 [n, {Features}]; got {states.dtype} [{string.Join(", ", states.shape)}].",
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
    /// Decodes the model's states of <paramref name="count"/> chains to [count, features], float32, on
    /// <paramref name="device"/>.
    /// </summary>
    public Tensor Decode(ReadOnlySpan<byte> encoded, int count, Device device) => Decode(encoded, count, 1, device);

    /// <summary>Decodes all replicas, [count, replicas * features].</summary>
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

    /// <summary>Encodes one state; false where it holds a value without a code.</summary>
    private protected abstract bool TryEncodeState(ReadOnlySpan<float> state, Span<byte> destination);

    /// <summary>Decodes one state, all of whose values are overwritten.</summary>
    private protected abstract void DecodeState(ReadOnlySpan<byte> encoded, Span<float> state);

    /// <summary>Whether the encoding has a code for a value, and what it has codes for.</summary>
    private protected abstract bool CanEncode(float value, out string expected);

    private EbmException Unencodable(ReadOnlySpan<float> state, int row)
    {
        for (var i = 0; i < state.Length; i++)
        {
            if (!CanEncode(state[i], out var expected))
            {
                return new EbmException(
                    $"The state in row {row} has the value {state[i]} at feature {i}; this encoding holds {expected}.");
            }
        }

        return new EbmException($"The state in row {row} cannot be encoded.");
    }

    private void CheckLength(int bytes, int states)
    {
        if (bytes != (long)states * BytesPerState)
        {
            throw new ArgumentException(
                $"{states} states take {(long)states * BytesPerState} bytes ({BytesPerState} each); got {bytes}.");
        }
    }
}
