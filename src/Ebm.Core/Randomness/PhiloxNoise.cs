using TorchSharp;
using static TorchSharp.torch;

namespace Ebm.Core.Randomness;

/// <summary>
/// Keyed noise on the CPU: Philox kernels fused with the use of the noise, on the tensor's own memory. The bits are the
/// same on every processor and for any division of the rows into tensors (<see cref="Philox"/>).
/// </summary>
internal sealed unsafe class PhiloxNoise : INoise
{
    /// <inheritdoc/>
    public void FillUniform(Tensor target, NoiseSite site) => Apply(new UniformKernel(), target, null, site);

    /// <inheritdoc/>
    public void AddNormal(Tensor target, float scale, NoiseSite site) =>
        Apply(new NormalKernel(scale), target, null, site);

    /// <inheritdoc/>
    public void BernoulliInPlace(Tensor logits, Tensor bias, NoiseSite site) =>
        Apply(new BernoulliKernel(), logits, bias, site);

    private static void Apply<TKernel>(TKernel kernel, Tensor target, Tensor? bias, NoiseSite site)
        where TKernel : struct, INoiseKernel
    {
        var (rows, columns) = NoiseShape.Of(target, bias);
        if (target.device_type != DeviceType.CPU)
        {
            throw new ArgumentException(
                $"Philox noise needs a tensor on the CPU; got {target.device}. Use NoiseFactory.On(device).",
                nameof(target));
        }

        if (rows == 0 || columns == 0)
        {
            return;
        }

        fixed (byte* values = target.bytes, perColumn = bias is null ? default : bias.bytes)
        {
            NoiseRows.Apply(kernel, (float*)values, (float*)perColumn, rows, columns, site);
        }
    }
}
