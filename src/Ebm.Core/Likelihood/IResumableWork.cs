using Ebm.Core.Randomness;
using static TorchSharp.torch;

namespace Ebm.Core.Likelihood;

/// <summary>
/// Long work in pieces, so that other work on the lane gets turns. Results do not depend on the division. Holds no
/// tensors between pieces. Not thread-safe.
/// </summary>
internal interface IResumableWork
{
    /// <summary>Completed steps.</summary>
    long Done { get; }

    /// <summary>All steps of the work.</summary>
    long Total { get; }

    /// <summary>
    /// Performs one step or more: until the work is complete, or <paramref name="shouldContinue"/> returns false after
    /// a step.
    /// </summary>
    /// <param name="shouldContinue">Whether to perform another step.</param>
    /// <param name="noise">Noise for the device.</param>
    /// <param name="device">Device of the model's parameters.</param>
    /// <exception cref="EbmException">The model's energies at the chains are not finite.</exception>
    void Advance(Func<bool> shouldContinue, INoise noise, Device device);
}
