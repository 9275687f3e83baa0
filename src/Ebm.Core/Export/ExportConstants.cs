using Ebm.Core.Checkpoints;
using Ebm.Core.Energies;
using Ebm.Core.Energies.Bases;
using Ebm.Core.Energies.Layers;
using Ebm.Core.Energies.Networks;
using static TorchSharp.torch;

namespace Ebm.Core.Export;

/// <summary>
/// Tensors that an energy depends on and that are not trained: the tables of a base, where a power iteration starts.
/// </summary>
internal static class ExportConstants
{
    /// <summary>Name of a base's table of log-probabilities.</summary>
    public const string BaseTable = "base.log-probabilities";

    /// <summary>Name of the vector that the estimate of a weight's norm starts at.</summary>
    public static string StartOf(string weight) => $"{weight}.start";

    /// <summary>All constants of an energy, in the order of their names' appearance.</summary>
    public static IReadOnlyList<NamedTensor> Of(IEnergy energy)
    {
        using var scope = NewDisposeScope();
        return energy switch
        {
            EnergyOverBase based => [.. Of(based.Network), NamedTensor.Of(BaseTable, Table(based.Base))],
            LayeredEnergy layered => [.. Starts(layered)],
            _ => [],
        };
    }

    private static IEnumerable<NamedTensor> Starts(LayeredEnergy energy) =>
        from indexed in energy.Parameters.Select((parameter, index) => (parameter, index))
        where indexed.parameter.IsNormalised
        select NamedTensor.Of(
            StartOf(indexed.parameter.Name),
            SpectralNormalisation.Start(indexed.index, indexed.parameter.Shape[0]).to_type(ScalarType.Float32));

    private static Tensor Table(IBaseDistribution fixedBase) => fixedBase switch
    {
        DataMeanBase mean => mean.Table,
        NgramBase ngram => ngram.Table,
        _ => throw new InputException(
            $"A base of kind {fixedBase.GetType().Name} has no description yet; it cannot be exported."),
    };
}
