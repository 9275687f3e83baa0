using Ebm.Core.Recovery;

namespace Ebm.Contracts.Surrogates;

/// <summary>How a <see cref="RollbackRecord"/> crosses a process boundary.</summary>
[GenerateSerializer, Alias("ebm.Rollback")]
internal struct RollbackSurrogate
{
    [Id(0)]
    public int Attempt;

    [Id(1)]
    public long Base;

    [Id(2)]
    public int Reinitialised;

    [Id(3)]
    public long Round;

    [Id(4)]
    public int Kind;

    [Id(5)]
    public string Figure;

    [Id(6)]
    public double Value;

    [Id(7)]
    public double Limit;
}

/// <summary>Converts both ways.</summary>
[RegisterConverter]
internal sealed class RollbackConverter : IConverter<RollbackRecord, RollbackSurrogate>
{
    /// <inheritdoc/>
    public RollbackRecord ConvertFromSurrogate(in RollbackSurrogate surrogate) => new(
        surrogate.Attempt,
        surrogate.Base,
        new LimitViolation(
            surrogate.Round, (ViolationKind)surrogate.Kind, surrogate.Figure, surrogate.Value, surrogate.Limit),
        surrogate.Reinitialised);

    /// <inheritdoc/>
    public RollbackSurrogate ConvertToSurrogate(in RollbackRecord value) => new()
    {
        Attempt = value.Attempt,
        Base = value.Base,
        Reinitialised = value.Reinitialised,
        Round = value.Violation.Round,
        Kind = (int)value.Violation.Kind,
        Figure = value.Violation.Metric,
        Value = value.Violation.Value,
        Limit = value.Violation.Limit,
    };
}
