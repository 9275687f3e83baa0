using static TorchSharp.torch;

namespace Ebm.Core.Energies.Pairwise;

/// <summary>
/// Which units are coupled, and how strongly. A state is encoded as z [rows, units, width]: spins of width 1, or
/// one-hot vectors. Pure; works on any device and in any floating type; temporaries belong to the caller's dispose
/// scope.
/// </summary>
internal interface ICouplings
{
    /// <summary>Its parameters' names and shapes, none of them empty.</summary>
    IReadOnlyList<(string Name, long[] Shape)> Layout { get; }

    /// <summary>The couplings as their field needs them, made once for many fields.</summary>
    /// <param name="parameters">The views of <see cref="Layout"/>, in its order.</param>
    ICouplingField Field(ReadOnlySpan<Tensor> parameters);

    /// <summary>Gradients of sum_r factor_r sum_pairs z_i J_ij z_j in the parameters, in the layout's order.</summary>
    /// <param name="encoded">z, [rows, units, width].</param>
    /// <param name="factor">[rows].</param>
    IReadOnlyList<Tensor> Gradient(Tensor encoded, Tensor factor);

    /// <summary>Every coupling the same: between spins K, between categories K where they are equal.</summary>
    IReadOnlyList<Tensor> Uniform(double coupling);
}

/// <summary>Couplings of given parameters.</summary>
internal interface ICouplingField
{
    /// <summary>sum_j J_ij z_j of each unit, a new tensor of <paramref name="encoded"/>'s shape.</summary>
    Tensor Of(Tensor encoded);
}
