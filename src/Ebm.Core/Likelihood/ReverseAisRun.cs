using Ebm.Core.Randomness;
using static TorchSharp.torch;

namespace Ebm.Core.Likelihood;

/// <summary>One block's time at the model and, from where that ends, its way back to the base.</summary>
/// <param name="settling">The time at the model.</param>
/// <param name="walkSteps">Steps of the way back.</param>
/// <param name="from">The walk that starts at the states it is given.</param>
public sealed class ReverseAisRun(Equilibration settling, int walkSteps, Func<byte[], AisRun> from) : IResumableWork
{
    private AisRun? _walk;

    /// <inheritdoc/>
    public long Done => settling.Done + (_walk?.Done ?? 0);

    /// <inheritdoc/>
    public long Total => settling.Total + walkSteps;

    /// <summary>What was seen of the chains at the model.</summary>
    public IReadOnlyList<double[]> Looks => settling.Looks;

    /// <summary>Logarithm of each chain's importance weight, [chains]; once it is finished.</summary>
    public double[] LogWeights => _walk?.LogWeights ?? [];

    /// <inheritdoc/>
    public void Go(Func<bool> goOn, INoise noise, Device device)
    {
        if (settling.Done < settling.Total)
        {
            settling.Go(goOn, noise, device);
        }
        else
        {
            _walk ??= from(settling.States);
            _walk.Go(goOn, noise, device);
        }
    }
}
