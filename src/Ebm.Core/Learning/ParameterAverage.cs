using static TorchSharp.torch;

namespace Ebm.Core.Learning;

/// <summary>Exponential moving average of the parameters, initialised with the initial parameters.</summary>
internal static class ParameterAverage
{
    /// <summary>average = decay average + (1 - decay) parameters, in place; both [n] on one device.</summary>
    public static void Update(Tensor average, Tensor parameters, double decay) => average.lerp_(parameters, 1 - decay);
}
