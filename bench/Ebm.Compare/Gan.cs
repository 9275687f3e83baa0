using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Ebm.Compare;

/// <summary>
/// A generative adversarial network (Goodfellow et al. 2014, with the loss that does not saturate) of grey digits:
/// generator 64-256-512-784, discriminator 784-512-256-1. It has no likelihood.
/// </summary>
internal sealed class Gan : IDisposable
{
    private const int Latent = 64, Batch = 128, Epochs = 20, Model = 2;
    private const double Slope = 0.2, Dropped = 0.3, Rate = 2e-4, Beta1 = 0.5;

    private readonly Sequential _generator = Sequential(
        Linear(Latent, 256), LeakyReLU(Slope), Linear(256, 512), LeakyReLU(Slope), Linear(512, Digits.Pixels), Tanh());

    private readonly Sequential _discriminator = Sequential(
        Linear(Digits.Pixels, 512), LeakyReLU(Slope), Dropout(Dropped),
        Linear(512, 256), LeakyReLU(Slope), Dropout(Dropped), Linear(256, 1));

    /// <summary>Numbers that it learns, both networks together.</summary>
    public long Size => _generator.parameters().Concat(_discriminator.parameters()).Sum(p => p.numel());

    /// <summary>A step of each network a batch; calls back after each epoch with the last losses.</summary>
    public void Train(Digits digits, Action<double, double> epoch)
    {
        using var forGenerator = optim.Adam(_generator.parameters(), Rate, Beta1);
        using var forDiscriminator = optim.Adam(_discriminator.parameters(), Rate, Beta1);
        var perEpoch = digits.Count / Batch;
        foreach (var (i, rows) in Batches.Of(digits.Count, Batch, Epochs, Model).Index())
        {
            using var scope = NewDisposeScope();
            var real = (digits.Train(rows) * 2) - 1;
            var fake = _generator.forward(randn(Batch, Latent));
            forDiscriminator.zero_grad();
            var told = functional.softplus(-_discriminator.forward(real)).mean()
                + functional.softplus(_discriminator.forward(fake.detach())).mean();
            told.backward();
            forDiscriminator.step();

            forGenerator.zero_grad();
            var fooled = functional.softplus(-_discriminator.forward(fake)).mean();
            fooled.backward();
            forGenerator.step();
            if ((i + 1) % perEpoch == 0)
            {
                epoch(told.item<float>(), fooled.item<float>());
            }
        }
    }

    /// <summary>Grey images in [0, 1], [count, pixels].</summary>
    public Tensor Sample(int count)
    {
        using var graphless = no_grad();
        using var scope = NewDisposeScope();
        return ((_generator.forward(randn(count, Latent)) + 1) / 2).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _generator.Dispose();
        _discriminator.Dispose();
    }
}
