using Ebm.Core.Energies;
using Ebm.Core.Randomness;
using Ebm.Core.Sampling;
using Ebm.Core.Spec;
using static TorchSharp.torch;

namespace Ebm.Core.Benchmarks;

/// <summary>A model of the fixed set that samplers are measured on, and the kernels that draw from it.</summary>
internal sealed record BenchModel : IDisposable
{
    /// <summary>Its name, with the number of features at its end.</summary>
    public required string Name { get; init; }

    /// <summary>Its energy.</summary>
    public required IEnergy Energy { get; init; }

    /// <summary>Its parameters, fixed or random by a fixed key.</summary>
    public required Parameters Parameters { get; init; }

    /// <summary>The kernels, each with the transitions between two draws.</summary>
    public required IReadOnlyList<SamplerSpec> Samplers { get; init; }

    /// <summary>Chains to begin with: exact draws where there are any, else fresh ones; [count, features].</summary>
    public Tensor Start(int count, NoiseSite site) => Energy is ReferenceDistribution law
        ? law.Draw(count, NoiseFactory.On(Parameters.Flat.device), site, Parameters.Flat.device)
        : ChainStarts.Fresh(
            Energy.Space, Samplers[0].KeptRange(), count, NoiseFactory.On(Parameters.Flat.device), site,
            Parameters.Flat.device);

    /// <inheritdoc/>
    public void Dispose() => Parameters.Dispose();
}
