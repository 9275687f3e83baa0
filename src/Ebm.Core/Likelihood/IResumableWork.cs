using Ebm.Core.Randomness;
using static TorchSharp.torch;

namespace Ebm.Core.Likelihood;

/// <summary>
/// Long work that is done in pieces, so that other work gets its turns between them. Where it is cut never shows in a
/// result. Between pieces it holds no tensors. Not for several threads at once.
/// </summary>
public interface IResumableWork
{
    /// <summary>Steps made.</summary>
    long Done { get; }

    /// <summary>Steps in all; it is finished when they are made.</summary>
    long Total { get; }

    /// <summary>
    /// Goes on by at least a step, and until it is finished or <paramref name="goOn"/>, asked after every step, says
    /// no.
    /// </summary>
    /// <param name="goOn">Whether there is time for another step.</param>
    /// <param name="noise">Noise on the device.</param>
    /// <param name="device">Where the model's parameters lie.</param>
    /// <exception cref="EbmException">The model's energies are not finite where the chains are.</exception>
    void Go(Func<bool> goOn, INoise noise, Device device);
}
