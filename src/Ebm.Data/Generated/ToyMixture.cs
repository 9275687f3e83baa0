using Ebm.Core.Datasets;
using Ebm.Core.Native;
using static TorchSharp.torch;

namespace Ebm.Data.Generated;

/// <summary>
/// Gaussian mixture with equal weights. Component k is mean_k + noise * (e + f * factor_k) with standard normal e (a
/// vector) and f (a number). Its covariance noise^2 (I + factor_k factor_k^T) has a closed inverse and determinant.
/// </summary>
internal sealed class ToyMixture(double[][] means, double[][] factors) : ToyShape
{
    /// <summary>Eight isotropic Gaussians on the circle of radius 2.</summary>
    public static ToyMixture EightGaussians() => new(
        [.. Enumerable.Range(0, 8).Select(
            k => new[] { 2 * Math.Cos(Math.Tau * k / 8), 2 * Math.Sin(Math.Tau * k / 8) })],
        [.. Enumerable.Range(0, 8).Select(_ => new double[2])]);

    /// <summary>
    /// Four Gaussians in any number of features. Feature j of component k has mean 3/2 cos(k pi/2 + j g) and factor
    /// sqrt(2) cos((k + 1) j g), g the golden angle: each pair of features has its own correlation, the same for every
    /// seed, and the mean of the mixture is 0.
    /// </summary>
    public static ToyMixture Correlated(int features)
    {
        const int Components = 4;
        var golden = Math.PI * (3 - Math.Sqrt(5));
        double[][] Table(Func<int, int, double> entry) =>
            [.. Enumerable.Range(0, Components)
                .Select(k => Enumerable.Range(0, features).Select(j => entry(k, j)).ToArray())];
        return new ToyMixture(
            Table((k, j) => 1.5 * Math.Cos((k * Math.PI / 2) + (j * golden))),
            Table((k, j) => Math.Sqrt(2) * Math.Cos((k + 1) * j * golden)));
    }

    /// <summary>Mean and factor of a component.</summary>
    public (double[] Mean, double[] Factor) this[int component] => (means[component], factors[component]);

    /// <inheritdoc/>
    public override int Draw(ref RowDraws draws, double noise, Span<double> point)
    {
        var k = draws.Below(means.Length);
        var shared = draws.Normal();
        for (var j = 0; j < point.Length; j++)
        {
            point[j] = means[k][j] + (noise * (draws.Normal() + (shared * factors[k][j])));
        }

        return k;
    }

    /// <summary>log p(x) of each row; float64 [rows].</summary>
    public Tensor LogDensity(double noise, Tensor x)
    {
        using var scope = NewDisposeScope();
        var points = x.to(ScalarType.Float64);
        var logs = new Tensor[means.Length];
        using Scalar width = noise, half = -0.5, logParts = Math.Log(logs.Length);
        for (var k = 0; k < logs.Length; k++)
        {
            // Sherman and Morrison: v^T (I + a a^T)^-1 v = v^T v - (a^T v)^2 / (1 + a^T a); the determinant is 1 + a^T
            // a.
            var v = points.sub(tensor(means[k], device: x.device)).div(width);
            var along = v.matmul(tensor(factors[k], device: x.device));
            var determinant = 1 + factors[k].Sum(a => a * a);
            using Scalar share = determinant;
            using Scalar constant = (means[k].Length * Math.Log(Math.Tau * noise * noise)) + Math.Log(determinant);
            logs[k] = (v * v).sum(1).sub(along.Squared().div(share)).Plus(constant).mul(half);
        }

        return stack(logs).logsumexp(0).sub(logParts).MoveToOuterDisposeScope();
    }
}
