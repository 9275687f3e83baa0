using Ebm.Core.Energies;
using Ebm.Core.States;
using static TorchSharp.torch;

namespace Ebm.Core.Tests.Energies;

/// <summary>
/// The network of <c>mlp</c> with hidden layers of 8 and 5 units and silu, as a user of the library writes it.
/// </summary>
internal sealed class HandwrittenMlp(int features) : AutogradEnergy(
    new StateSpace(features, UnitKind.Real),
    InitialParameter.Uniform("dense1.weight", 1 / Math.Sqrt(features), 8, features),
    InitialParameter.Uniform("dense1.bias", 1 / Math.Sqrt(features), 8),
    InitialParameter.Uniform("dense2.weight", 1 / Math.Sqrt(8), 5, 8),
    InitialParameter.Uniform("dense2.bias", 1 / Math.Sqrt(8), 5),
    InitialParameter.Uniform("output.weight", 1 / Math.Sqrt(5), 1, 5),
    InitialParameter.Uniform("output.bias", 1 / Math.Sqrt(5), 1))
{
    protected override Tensor Evaluate(Parameters parameters, Tensor states)
    {
        var x = nn.functional.silu(Dense("dense1", states));
        return Dense("output", nn.functional.silu(Dense("dense2", x)));

        Tensor Dense(string name, Tensor input) =>
            nn.functional.linear(input, parameters[$"{name}.weight"], parameters[$"{name}.bias"]);
    }
}
