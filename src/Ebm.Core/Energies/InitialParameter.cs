using Ebm.Core.Randomness;
using static TorchSharp.torch;

namespace Ebm.Core.Energies;

/// <summary>A named parameter tensor of an energy, and the distribution of its initial values.</summary>
public sealed class InitialParameter
{
    private readonly Action<Tensor, NoiseSite> _fill;

    private InitialParameter(string name, long[] shape, Action<Tensor, NoiseSite> fill) =>
        (Name, Shape, _fill) = (name, shape, fill);

    /// <summary>Dotted name, for example <c>hidden.bias</c>.</summary>
    public string Name { get; }

    /// <summary>Its shape; empty for a single number.</summary>
    public IReadOnlyList<long> Shape { get; }

    /// <summary>The same value everywhere.</summary>
    public static InitialParameter Constant(string name, double value, params long[] shape) =>
        new(name, shape, (values, _) =>
    {
        using Scalar number = value;
        values.fill_(number);
    });

    /// <summary>Uniform in (-bound, bound); 1/sqrt(inputs) is PyTorch's default for a dense layer.</summary>
    public static InitialParameter Uniform(string name, double bound, params long[] shape) =>
        new(name, shape, (values, site) =>
    {
        NoiseFactory.On(CPU).FillUniform(values, site);
        using Scalar width = 2 * bound, half = bound;
        values.mul_(width).sub_(half);
    });

    /// <summary>Normal with mean 0.</summary>
    public static InitialParameter Normal(string name, double deviation, params long[] shape) =>
        new(name, shape, (values, site) =>
    {
        values.zero_();
        NoiseFactory.On(CPU).AddNormal(values, (float)deviation, site);
    });

    /// <summary>Fills [1, elements], float32, on the CPU.</summary>
    internal void Fill(Tensor values, NoiseSite site) => _fill(values, site);
}
