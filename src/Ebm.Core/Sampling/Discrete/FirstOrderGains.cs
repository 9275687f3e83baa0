using Ebm.Core.Native;
using static TorchSharp.torch;

namespace Ebm.Core.Sampling.Discrete;

/// <summary>
/// What single changes of a state gain, log p(x') - log p(x), to first order in the gradient: one gradient tells of all
/// changes (Grathwohl et al. 2021, "Oops I took a gradient", eqs. 3 and 4).
/// </summary>
internal static class FirstOrderGains
{
    /// <summary>Of flipping each unit, -(1 - 2 x_i) dE/dx_i; [chains, features].</summary>
    public static Tensor OfFlips(Tensor states, Tensor gradient)
    {
        using Scalar two = 2.0, one = 1.0;
        return states.mul(two).sub_(one).mul_(gradient);
    }

    /// <summary>Of giving unit i category c, dE/dx_{i, x_i} - dE/dx_{i, c}; [chains, features, categories].</summary>
    public static Tensor OfCategories(Tensor states, Tensor gradient)
    {
        var slopes = gradient.view(states.shape[0], states.shape[1], -1);
        return slopes.gather(2, Index(states)).sub(slopes);
    }

    /// <summary>Category numbers as indices into the last dimension of such a table, [chains, features, 1].</summary>
    public static Tensor Index(Tensor states) => states.to_type(ScalarType.Int64).unsqueeze(2);

    /// <summary>True at each unit's own category, [chains, features, categories].</summary>
    public static Tensor IsOwn(Tensor states, long categories) =>
        Sums.Count(0, categories, states.dtype, states.device).eq(states.unsqueeze(2));
}
