using Ebm.Core.Randomness;
using Ebm.Core.States;
using static TorchSharp.torch;

namespace Ebm.Core.Energies.Bases;

/// <summary>
/// A normalised distribution over an energy's states that is fixed before training: what a network is put on top of,
/// p(x) = p_base(x) exp(-E_net(x)) / Z, where chains begin, and where annealed importance sampling starts from.
/// Immutable; all lanes may share one. Results are new tensors of the caller's dispose scope, on the states' device and
/// in their type.
/// </summary>
internal interface IBaseDistribution
{
    /// <summary>The states that it is a distribution over; all have a probability above 0.</summary>
    StateSpace Space { get; }

    /// <summary>log p of each row of <paramref name="states"/> [rows, features]; [rows], nats.</summary>
    Tensor LogProbability(Tensor states);

    /// <summary>
    /// d log p / dx of each row, [rows, features]; of categorical units in their one-hot encoding,
    /// [rows, features * categories]. log p is linear in each unit's value (or encoding), so differences of these
    /// numbers are exact: what log p gains when that one unit changes.
    /// </summary>
    Tensor StateGradient(Tensor states);

    /// <summary>
    /// Independent draws, [count, features], float32, on <paramref name="device"/>: row i is a function of the site's
    /// key and of its chain number. Uses draw <see cref="NoiseSite.Draw"/> of the site alone.
    /// </summary>
    Tensor Sample(int count, INoise noise, NoiseSite site, Device device);
}
