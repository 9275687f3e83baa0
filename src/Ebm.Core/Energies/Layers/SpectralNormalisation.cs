using Ebm.Core.Randomness;
using static TorchSharp.torch;

namespace Ebm.Core.Energies.Layers;

/// <summary>
/// W / sigma(W) (Miyato, Kataoka, Koyama, Yoshida, "Spectral normalization for GANs", 2018), sigma being ten power
/// iterations' estimate of the largest singular value of W as [outputs, all else]. The paper's iteration continues from
/// the last update's vector; here it starts at one keyed vector every time, so that the result is a function of W
/// alone, and gradients go through the iterations.
/// </summary>
internal static class SpectralNormalisation
{
    /// <summary>Power iterations.</summary>
    public const int Iterations = 10;

    /// <summary>The weight divided by its norm; differentiable.</summary>
    /// <param name="weight">[outputs, ...].</param>
    /// <param name="index">Number of the weight in its energy, which its starting vector is keyed by.</param>
    public static Tensor Apply(Tensor weight, int index)
    {
        using var matrix = weight.reshape(weight.shape[0], -1);
        using var transposed = matrix.t();
        var u = Start(index, weight.shape[0]).to(weight.dtype).to(weight.device);
        var norm = u;
        for (var i = 0; i < Iterations; i++)
        {
            var v = transposed.mv(u);
            u = matrix.mv(v.div(v.norm()));
            norm = u.norm();
            u = u.div(norm);
        }

        return weight.div(norm);
    }

    /// <summary>The vector that the iterations start at, [outputs], float32, on the CPU.</summary>
    public static Tensor Start(int index, long outputs)
    {
        // Attempts of a run count from 0: no initial parameters have this key.
        var start = zeros(1, outputs);
        NoiseFactory.On(CPU).AddNormal(
            start, 1, new NoiseSite(RandomKey.Derive(0, Purpose.InitialParameters, -1, index), 0));
        return start.squeeze(0);
    }
}
