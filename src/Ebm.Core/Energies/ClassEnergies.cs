using static TorchSharp.torch;

namespace Ebm.Core.Energies;

/// <summary>Energies of rows under every class.</summary>
internal static class ClassEnergies
{
    /// <summary>
    /// E(x, y) of each row x of <paramref name="rows"/> [rows, features] and each class y: [rows, classes].
    /// </summary>
    public static Tensor Of(IEnergy energy, Parameters parameters, Tensor rows)
    {
        using var scope = NewDisposeScope();
        var count = (int)rows.shape[0];
        Tensor[] columns =
        [
            .. Enumerable.Range(0, energy.Classes).Select(y =>
                energy.Given([.. Enumerable.Repeat(y, count)], rows.device).Energy(parameters, rows)),
        ];
        return stack(columns, 1).MoveToOuterDisposeScope();
    }
}
