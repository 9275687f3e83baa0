using Ebm.Core.Native;
using static TorchSharp.torch;

namespace Ebm.Core.Benchmarks;

/// <summary>Independent Gaussians around 0: E = sum x_i^2 / (2 sigma_i^2).</summary>
/// <param name="deviations">sigma of each feature.</param>
internal sealed class GaussianReference(params float[] deviations) : ReferenceDistribution(deviations.Length)
{
    /// <summary>Deviations from 1 down to <paramref name="least"/>, in equal ratios.</summary>
    public static GaussianReference IllConditioned(int features, double least) =>
        new([.. Enumerable.Range(0, features).Select(i => (float)Math.Pow(least, i / (features - 1.0)))]);

    /// <inheritdoc/>
    protected override Tensor FromNoise(Tensor normal) => normal.mul_(tensor(deviations, device: normal.device));

    /// <inheritdoc/>
    protected override (Tensor Energies, Tensor Gradient) At(Tensor states)
    {
        using Scalar half = 0.5;
        var gradient = states.div(tensor(deviations, device: states.device).Squared());
        return (gradient.mul(states).sum(1).mul_(half), gradient);
    }
}

/// <summary>
/// Equal shares of Gaussians of one deviation in the plane: E = -log sum_k exp(-|x - c_k|^2 / (2 sigma^2)).
/// </summary>
/// <param name="deviation">sigma.</param>
/// <param name="centres">c_k, [components, 2].</param>
internal sealed class MixtureReference(float deviation, float[,] centres) : ReferenceDistribution(2)
{
    /// <inheritdoc/>
    protected override int NoiseColumns => 3;

    /// <inheritdoc/>
    protected override Tensor FromNoise(Tensor normal)
    {
        // The third column says which component: its probability integral, in equal parts.
        using Scalar count = centres.GetLength(0), scale = deviation, last = centres.GetLength(0) - 1;
        var component = special.ndtr(normal.select(1, 2)).mul_(count).clamp_max_(last).to_type(ScalarType.Int64);
        return normal.narrow(1, 0, 2).mul(scale)
            .Increase(tensor(centres, device: normal.device).index_select(0, component));
    }

    /// <inheritdoc/>
    protected override (Tensor Energies, Tensor Gradient) At(Tensor states)
    {
        using Scalar precision = 1 / ((double)deviation * deviation), half = -0.5 / ((double)deviation * deviation);
        var apart = states.unsqueeze(1).sub(tensor(centres, device: states.device));
        var exponents = apart.Squared().sum(2).mul_(half);
        var gradient = exponents.softmax(1).unsqueeze(2).mul(apart).sum(1).mul_(precision);
        return (exponents.logsumexp(1).neg_(), gradient);
    }
}

/// <summary>
/// A bent Gaussian (Haario, Saksman, Tamminen 1999): x_1 ~ N(0, width^2), x_2 ~ N(bend (x_1^2 - width^2), 1).
/// </summary>
internal sealed class BananaReference(double width, double bend) : ReferenceDistribution(2)
{
    /// <inheritdoc/>
    protected override Tensor FromNoise(Tensor normal)
    {
        using Scalar scale = width;
        var first = normal.narrow(1, 0, 1).mul(scale);
        return cat([first, normal.narrow(1, 1, 1).Plus(Bow(first))], 1);
    }

    /// <inheritdoc/>
    protected override (Tensor Energies, Tensor Gradient) At(Tensor states)
    {
        using Scalar half = 0.5, precision = 1 / (width * width), slope = -2 * bend;
        var (first, second) = (states.narrow(1, 0, 1), states.narrow(1, 1, 1));
        var rest = second.sub(Bow(first));
        var scaled = first.mul(precision);
        var energies = scaled.mul(first).Increase(rest.Squared()).mul_(half).squeeze(1);
        return (energies, cat([scaled.Increase(first.mul(slope).mul_(rest)), rest], 1));
    }

    private Tensor Bow(Tensor first)
    {
        using Scalar offset = width * width, factor = bend;
        return first.Squared().sub_(offset).mul_(factor);
    }
}

/// <summary>
/// A ring in the plane: E = (|x|^2 - radius^2)^2 / (2 spread^2), so |x|^2 ~ N(radius^2, spread^2) above 0, at any
/// angle. Draws take radius^2 over 6 spreads, below which its other side would have to be cut off.
/// </summary>
internal sealed class RingReference(double radius, double spread) : ReferenceDistribution(2)
{
    /// <inheritdoc/>
    protected override int NoiseColumns => 3;

    /// <inheritdoc/>
    protected override Tensor FromNoise(Tensor normal)
    {
        using Scalar scale = spread, middle = radius * radius;
        var direction = normal.narrow(1, 0, 2);
        var length = normal.narrow(1, 2, 1).mul(scale).Increase(middle).sqrt_();
        return direction.div(direction.Squared().sum(1, keepdim: true).sqrt_()).mul_(length);
    }

    /// <inheritdoc/>
    protected override (Tensor Energies, Tensor Gradient) At(Tensor states)
    {
        using Scalar middle = radius * radius, half = 0.5 / (spread * spread), slope = 2 / (spread * spread);
        var apart = states.Squared().sum(1, keepdim: true).sub_(middle);
        return (apart.Squared().mul_(half).squeeze(1), states.mul(apart).mul_(slope));
    }
}
