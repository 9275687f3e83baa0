using Ebm.Core.Randomness;
using static TorchSharp.torch;

namespace Ebm.Core.Sampling.Discrete;

/// <summary>
/// A proposal on discrete states that the energy's gradient informs. What it knows of the chains' states is one table,
/// a tensor with the chains in its first dimension. Pure; temporaries belong to the caller's dispose scope.
/// </summary>
internal interface IInformedProposal
{
    /// <summary>The table of the states.</summary>
    /// <param name="states">[chains, features].</param>
    /// <param name="gradient">dE/dx there, as <see cref="Energies.IEnergy.StateGradient"/> gives it.</param>
    /// <param name="stepSize">Size of the step, where the proposal has one.</param>
    /// <param name="known">True where a unit is fixed and never proposed; [chains, features] or broadcastable, or
    /// null.</param>
    Tensor Table(Tensor states, Tensor gradient, double stepSize, Tensor? known);

    /// <summary>A draw x' given each chain's state x, [chains, features]. Uses draw 0 of the site's step.</summary>
    Tensor Draw(Tensor table, Tensor states, INoise noise, NoiseSite site);

    /// <summary>
    /// log q(to | from) of each chain, [chains]; <paramref name="table"/> is the one of <paramref name="from"/>.
    /// </summary>
    Tensor LogProbability(Tensor table, Tensor from, Tensor to);
}
