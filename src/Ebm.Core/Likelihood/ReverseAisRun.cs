using Ebm.Core.Randomness;
using static TorchSharp.torch;

namespace Ebm.Core.Likelihood;

/// <summary>The equilibration of one block at the model, followed by its AIS run back to the base.</summary>
/// <param name="equilibration">The equilibration.</param>
/// <param name="aisSteps">Steps of the AIS run.</param>
/// <param name="from">Creates the AIS run from equilibrated states.</param>
internal sealed class ReverseAisRun(Equilibration equilibration, int aisSteps, Func<byte[], AisRun> from)
    : IResumableWork
{
    private AisRun? _aisRun;

    /// <inheritdoc/>
    public long Done => equilibration.Done + (_aisRun?.Done ?? 0);

    /// <inheritdoc/>
    public long Total => equilibration.Total + aisSteps;

    /// <summary>Traces of the equilibration.</summary>
    public IReadOnlyList<double[]> Traces => equilibration.Traces;

    /// <summary>Log importance weights of the chains, [chains]; empty before the AIS run.</summary>
    public double[] LogWeights => _aisRun?.LogWeights ?? [];

    /// <inheritdoc/>
    public void Advance(Func<bool> shouldContinue, INoise noise, Device device)
    {
        if (equilibration.Done < equilibration.Total)
        {
            equilibration.Advance(shouldContinue, noise, device);
        }
        else
        {
            _aisRun ??= from(equilibration.States);
            _aisRun.Advance(shouldContinue, noise, device);
        }
    }
}
