using Ebm.Core.Recovery;
using static TorchSharp.torch;

namespace Ebm.Core.Learning;

/// <summary>
/// What a parameter server holds at one version, besides older versions that are still being read: all of it goes into
/// a checkpoint. Owns its tensors, outside of any dispose scope; all lie on one device.
/// </summary>
public sealed class TrainerState : IDisposable
{
    private readonly List<IReadOnlyList<double>> _tunings;
    private readonly List<EvaluationOutcome> _outcomes = [];

    /// <summary>Takes ownership of everything.</summary>
    public TrainerState(
        int attempt, long version, Tensor parameters, OptimiserState optimiser, Tensor? average,
        CentringOffsets? offsets,
        IEnumerable<IReadOnlyList<double>> tunings, RecoveryState recovery, Tensor? energies)
    {
        _tunings = [.. tunings];
        Recovery = recovery;
        (Attempt, Version, Optimiser, Offsets) = (attempt, version, optimiser, offsets);
        Parameters = parameters.DetachFromDisposeScope();
        Average = average?.DetachFromDisposeScope();
        Energies = energies?.DetachFromDisposeScope();
    }

    /// <summary>The attempt that the next round belongs to.</summary>
    public int Attempt { get; }

    /// <summary>Rounds applied.</summary>
    public long Version { get; private set; }

    /// <summary>The flat parameters of this version, [layout.Length], float32. An update makes a new tensor.</summary>
    public Tensor Parameters { get; private set; }

    /// <summary>What the optimiser remembers.</summary>
    public OptimiserState Optimiser { get; }

    /// <summary>Moving average of the parameters, if the run keeps one; [layout.Length].</summary>
    public Tensor? Average { get; }

    /// <summary>Offsets of the centred gradient, if the run uses it.</summary>
    public CentringOffsets? Offsets { get; }

    /// <summary>Energies of chains that persist, over the latest rounds; see <see cref="EnergyWindow"/>.</summary>
    public Tensor? Energies { get; }

    /// <summary>
    /// What the sampler has adapted by each of the newest versions, the oldest first: as far back as rounds sample
    /// from.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<double>> Tunings => _tunings;

    /// <summary>
    /// That of one version; of one before the oldest that is kept, the oldest's: an attempt began there.
    /// </summary>
    public IReadOnlyList<double> TuningOf(long version) =>
        _tunings[(int)Math.Clamp(_tunings.Count - 1 - (Version - version), 0, _tunings.Count - 1)];

    /// <summary>What the watch remembers, and the run's rollbacks.</summary>
    public RecoveryState Recovery { get; private set; }

    /// <summary>
    /// Outcomes of evaluations that have acted before this version, in order; kept where the run may end by them.
    /// </summary>
    public IReadOnlyList<EvaluationOutcome> Outcomes => _outcomes;

    /// <summary>Adds one.</summary>
    public void Remember(EvaluationOutcome outcome) => _outcomes.Add(outcome);

    /// <summary>Moves on to the next version; the previous parameters now belong to the caller.</summary>
    internal Tensor Advance(Tensor parameters, IReadOnlyList<double> tuning, int kept, DetectorState watch)
    {
        Recovery = Recovery with { Watch = watch };
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
