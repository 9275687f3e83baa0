using Ebm.Core.Recovery;
using static TorchSharp.torch;

namespace Ebm.Core.Learning;

/// <summary>
/// Training state at one version, except older versions that still have readers. All of it is part of a checkpoint.
/// Owns its tensors, outside any dispose scope; all are on one device.
/// </summary>
internal sealed class TrainerState : IDisposable
{
    private readonly List<IReadOnlyList<double>> _tunings;
    private readonly List<EvaluationOutcome> _outcomes = [];

    /// <summary>Takes ownership of all tensors.</summary>
    public TrainerState(
        int attempt,
        long version,
        Tensor parameters,
        OptimiserState optimiser,
        Tensor? average,
        CentringOffsets? offsets,
        IEnumerable<IReadOnlyList<double>> tunings,
        RecoveryState recovery,
        Tensor? energies)
    {
        _tunings = [.. tunings];
        Recovery = recovery;
        (Attempt, Version, Optimiser, Offsets) = (attempt, version, optimiser, offsets);
        Parameters = parameters.DetachFromDisposeScope();
        Average = average?.DetachFromDisposeScope();
        Energies = energies?.DetachFromDisposeScope();
    }

    /// <summary>Attempt of the next round.</summary>
    public int Attempt { get; }

    /// <summary>Version: the number of applied rounds.</summary>
    public long Version { get; private set; }

    /// <summary>Flat parameters of this version, [layout.Length], float32. An update creates a new tensor.</summary>
    public Tensor Parameters { get; private set; }

    /// <summary>State of the optimiser.</summary>
    public OptimiserState Optimiser { get; }

    /// <summary>Moving average of the parameters, [layout.Length]; null if the run has none.</summary>
    public Tensor? Average { get; }

    /// <summary>Offsets of the centred gradient; null if the run does not use it.</summary>
    public CentringOffsets? Offsets { get; }

    /// <summary>Energies of persistent chains over the latest rounds; see <see cref="EnergyWindow"/>.</summary>
    public Tensor? Energies { get; }

    /// <summary>
    /// Adapted values of the sampler at each of the newest versions, the oldest first: as many as rounds sample from.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<double>> Tunings => _tunings;

    /// <summary>
    /// Adapted values at one version; for versions before the oldest, the oldest: an attempt started there.
    /// </summary>
    public IReadOnlyList<double> TuningOf(long version) =>
        _tunings[(int)Math.Clamp(_tunings.Count - 1 - (Version - version), 0, _tunings.Count - 1)];

    /// <summary>State of the divergence detector, and the run's rollbacks.</summary>
    public RecoveryState Recovery { get; private set; }

    /// <summary>Outcomes of evaluations that acted before this version, in order; kept for early stopping.</summary>
    public IReadOnlyList<EvaluationOutcome> Outcomes => _outcomes;

    /// <summary>Adds an outcome.</summary>
    public void Remember(EvaluationOutcome outcome) => _outcomes.Add(outcome);

    /// <summary>Advances to the next version; the caller owns the returned previous parameters.</summary>
    internal Tensor Advance(Tensor parameters, IReadOnlyList<double> tuning, int kept, DetectorState detector)
    {
        Recovery = Recovery with { Watch = detector };
        _tunings.Add(tuning);
        _tunings.RemoveRange(0, Math.Max(0, _tunings.Count - kept));
        var previous = Parameters;
        Parameters = parameters.DetachFromDisposeScope();
        Version++;
        return previous;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Parameters.Dispose();
        Optimiser.Dispose();
        Average?.Dispose();
        Offsets?.Dispose();
        Energies?.Dispose();
    }
}
