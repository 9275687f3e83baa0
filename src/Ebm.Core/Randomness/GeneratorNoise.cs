using System.Buffers.Binary;
using System.Security.Cryptography;
using Ebm.Core.Native;
using static TorchSharp.torch;

namespace Ebm.Core.Randomness;

/// <summary>
/// Keyed noise from torch's generators, for devices without Philox kernels. Each call creates a generator on the
/// tensor's device, seeded by the site.
/// </summary>
/// <remarks>
/// The values depend on the tensor's shape and on the type of device. So chains are always computed in complete blocks,
/// each with its own site.
/// </remarks>
internal sealed class GeneratorNoise : INoise
{
    /// <inheritdoc/>
    public void FillUniform(Tensor target, NoiseSite site)
    {
        NoiseShape.Of(target, bias: null);
        using var generator = GeneratorAt(site, target.device);
        target.uniform_(0, 1, generator);
    }

    /// <inheritdoc/>
    public void AddNormal(Tensor target, float scale, NoiseSite site)
    {
        NoiseShape.Of(target, bias: null);
        using var generator = GeneratorAt(site, target.device);
        using var noise = empty_like(target);
        noise.normal_(0, 1, generator);
        using Scalar factor = scale;
        target.add_(noise, factor);
    }

    /// <inheritdoc/>
    public void BernoulliInPlace(Tensor logits, Tensor bias, NoiseSite site)
    {
        NoiseShape.Of(logits, bias);
        using var scope = NewDisposeScope();
        using var generator = GeneratorAt(site, logits.device);
        var uniform = empty_like(logits).uniform_(0, 1, generator);
        var probability = logits.Plus(bias.view(logits.shape[1..])).sigmoid_();

        // p - p is 0, or NaN for a NaN logit: a NaN never becomes a state.
        var drawn = uniform.lt(probability).to(ScalarType.Float32).Increase(probability - probability);
        logits.copy_(drawn);
    }

    private static Generator GeneratorAt(NoiseSite site, Device device)
    {
        Span<byte> message = stackalloc byte[20];
        BinaryPrimitives.WriteUInt64LittleEndian(message, site.Key.Value);
        BinaryPrimitives.WriteUInt32LittleEndian(message[8..], site.FirstChain);
        BinaryPrimitives.WriteUInt32LittleEndian(message[12..], site.Step);
        BinaryPrimitives.WriteUInt32LittleEndian(message[16..], site.Draw);
        Span<byte> digest = stackalloc byte[32];
        SHA256.HashData(message, digest);
        return new Generator(BinaryPrimitives.ReadUInt64LittleEndian(digest), device);
    }
}
