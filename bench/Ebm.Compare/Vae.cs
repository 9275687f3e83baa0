using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Ebm.Compare;

/// <summary>
/// A variational autoencoder (Kingma and Welling 2014) of thresholded digits: 784-500-20-500-784, Gaussian posterior,
/// Bernoulli pixels.
/// </summary>
internal sealed class Vae : IDisposable
{
    private const int Hidden = 500, Latent = 20, Batch = 128, Epochs = 25, Model = 1;

    private readonly Sequential _encoder = Sequential(
        Linear(Digits.Pixels, Hidden), ReLU(), Linear(Hidden, 2 * Latent));

    private readonly Sequential _decoder = Sequential(
        Linear(Latent, Hidden), ReLU(), Linear(Hidden, Digits.Pixels));

    private IEnumerable<Parameter> Parameters => _encoder.parameters().Concat(_decoder.parameters());

    /// <summary>Numbers that it learns.</summary>
    public long Size => Parameters.Sum(p => p.numel());

    /// <summary>
    /// Ascends on the evidence lower bound; calls back after each epoch with the last bound, nats an image.
    /// </summary>
    public void Train(Digits digits, Action<double> epoch)
    {
        using var adam = optim.Adam(Parameters, 1e-3);
        var perEpoch = digits.Count / Batch;
        foreach (var (i, rows) in Batches.Of(digits.Count, Batch, Epochs, Model).Index())
        {
            using var scope = NewDisposeScope();
            var x = Digits.Binary(digits.Train(rows));
            var (mean, logDeviation) = Encode(x);
            var z = mean + (logDeviation.exp() * randn_like(mean));
            var divergence = 0.5 * (mean.square() + (2 * logDeviation).exp() - 1 - (2 * logDeviation)).sum(1);
            var bound = (LogLikelihood(x, z) - divergence).mean();
            adam.zero_grad();
            (-bound).backward();
            adam.step();
            if ((i + 1) % perEpoch == 0)
            {
                epoch(bound.item<float>());
            }
        }
    }

    /// <summary>
    /// The importance-weighted bound (Burda, Grosse, Salakhutdinov 2016) of log p(x) with <paramref name="k"/> draws
    /// from the posterior: E log mean_k p(x, z) / q(z | x), the mean over the test images and its standard error, nats.
    /// </summary>
    public (double Mean, double Error) Bound(Digits digits, int k, int images)
    {
        const int Chunk = 20;
        using var graphless = no_grad();
        List<double> bounds = [];
        for (var first = 0; first < images; first += Chunk)
        {
            using var scope = NewDisposeScope();
            var x = Digits.Binary(digits.Test(first, Chunk));
            var (mean, logDeviation) = Encode(x);
            var noise = randn(k, Chunk, Latent);
            var z = mean + (logDeviation.exp() * noise);
            var prior = (-0.5 * z.square()).sum(2);
            var posterior = ((-0.5 * noise.square()) - logDeviation).sum(2);
            var likelihood = LogLikelihood(x.expand(k, Chunk, Digits.Pixels), z);
            var weights = (likelihood + prior - posterior).logsumexp(0) - Math.Log(k);
            bounds.AddRange(weights.to_type(ScalarType.Float64).data<double>().ToArray());
        }

        var average = bounds.Average();
        return (average, Math.Sqrt(bounds.Sum(b => (b - average) * (b - average)) / bounds.Count / (bounds.Count - 1)));
    }

    /// <summary>Probabilities of pixels for latents from the prior, [count, pixels].</summary>
    public Tensor Sample(int count)
    {
        using var graphless = no_grad();
        using var scope = NewDisposeScope();
        return _decoder.forward(randn(count, Latent)).sigmoid().MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _encoder.Dispose();
        _decoder.Dispose();
    }

    private (Tensor Mean, Tensor LogDeviation) Encode(Tensor x)
    {
        var parts = _encoder.forward(x).chunk(2, 1);
        return (parts[0], parts[1]);
    }

    /// <summary>log p(x | z) summed over the pixels.</summary>
    private Tensor LogLikelihood(Tensor x, Tensor z)
    {
        var logits = _decoder.forward(z);
        return ((x * logits) - functional.softplus(logits)).sum(-1);
    }
}
