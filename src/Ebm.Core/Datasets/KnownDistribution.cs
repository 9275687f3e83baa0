using static TorchSharp.torch;

namespace Ebm.Core.Datasets;

/// <summary>
/// Properties of the distribution that generated rows were drawn from. Each is computed when it is asked for.
/// </summary>
/// <param name="Entropy">Entropy of a row in nats, the floor of every mean negative log-likelihood; null where
/// unknown.</param>
/// <param name="Couplings">
/// Symmetric couplings of the pairwise model, [units width, units width], each pair counted once in its energy; null
/// for other distributions. The caller owns the tensor.
/// </param>
internal sealed record KnownDistribution(Func<double>? Entropy = null, Func<Tensor>? Couplings = null);
