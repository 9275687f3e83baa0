using Ebm.Core.Datasets;
using Ebm.Core.Energies.Bases;
using Ebm.Core.Spec;
using Ebm.Core.States;

namespace Ebm.Core.Registry;

/// <summary>
/// Fits the base distribution of a spec. A pure function of the spec and the training rows: equal in every process.
/// </summary>
internal static class BaseFactory
{
    /// <summary>The base; null if the spec has none.</summary>
    /// <exception cref="InputException">The base does not fit the data.</exception>
    public static IBaseDistribution? Create(EnergySpec spec, StateSpace space, Dataset data) => spec.FixedBase() switch
    {
        (BaseKind.None, _) => null,
        (BaseKind.DataMean, _) => DataMeanBase.Fit(space, data),
        (BaseKind.Ngram, var order) => NgramBase.Fit(space, data, order),
        var (kind, _) => throw new InvalidOperationException($"Unknown base {kind}."),
    };
}
