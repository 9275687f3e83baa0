namespace Ebm.Contracts.Runs;

/// <summary>Figures of one round, as they go into metrics and onto a screen.</summary>
[GenerateSerializer, Immutable, Alias("ebm.RoundReport")]
public sealed record RoundReport
{
    /// <summary>The round.</summary>
    [Id(0)]
    public required long Round { get; init; }

    /// <summary>Its attempt.</summary>
    [Id(1)]
    public int Attempt { get; init; }

    /// <summary>Mean energy of the data batch.</summary>
    [Id(2)]
    public double EnergyData { get; init; }

    /// <summary>Mean energy of the negatives.</summary>
    [Id(3)]
    public double EnergyNegatives { get; init; }

    /// <summary>Their difference, data less negatives.</summary>
    [Id(4)]
    public double Gap { get; init; }

    /// <summary>Euclidean norm of the gradient, before clipping.</summary>
    [Id(5)]
    public double GradientNorm { get; init; }

    /// <summary>Euclidean norm of the parameters.</summary>
    [Id(6)]
    public double ParameterNorm { get; init; }

    /// <summary>Learning rate.</summary>
    [Id(7)]
    public double Rate { get; init; }

    /// <summary>Acceptance rate of the sampler, where it has one.</summary>
    [Id(8)]
    public double? Acceptance { get; init; }

    /// <summary>Mean norm of dE/dx along the chains, where the sampler knows it.</summary>
    [Id(9)]
    public double? StateGradientNorm { get; init; }

    /// <summary>Chains that started afresh.</summary>
    [Id(10)]
    public int Reinitialised { get; init; }

    /// <summary>Negatives of the round.</summary>
    [Id(11)]
    public int Negatives { get; init; }

    /// <summary>Seconds that the round took.</summary>
    [Id(12)]
    public double Seconds { get; init; }
}

/// <summary>Kinds of event.</summary>
public enum RunEventKind
{
    /// <summary>The run's state changed.</summary>
    State,

    /// <summary>A round was applied.</summary>
    Round,

    /// <summary>A checkpoint is whole.</summary>
    Checkpoint,

    /// <summary>A file was written into the run's directory.</summary>
    Artefact,

    /// <summary>An evaluation's figures.</summary>
    Evaluation,

    /// <summary>Something the user should know.</summary>
    Notice,
}

/// <summary>Something that happened to a run.</summary>
/// <param name="Number">Counted from 1 within the run.</param>
/// <param name="Kind">What kind of thing.</param>
/// <param name="Round">The round it belongs to.</param>
/// <param name="Text">For people: a state, a file's name, a notice.</param>
/// <param name="Report">With <see cref="RunEventKind.Round"/>: the figures.</param>
[GenerateSerializer, Immutable, Alias("ebm.RunEvent")]
public sealed record RunEvent(
    [property: Id(0)] long Number,
    [property: Id(1)] RunEventKind Kind,
    [property: Id(2)] long Round,
    [property: Id(3)] string? Text = null,
    [property: Id(4)] RoundReport? Report = null);

/// <summary>Some events and the run as it is after them.</summary>
[GenerateSerializer, Immutable, Alias("ebm.EventPage")]
public sealed record EventPage([property: Id(0)] IReadOnlyList<RunEvent> Events, [property: Id(1)] RunStatus Status);

/// <summary>What a parameter server tells its run: events (their numbers are given by the run), and how it ended.</summary>
[GenerateSerializer, Immutable, Alias("ebm.ServerReport")]
public sealed record ServerReport
{
    /// <summary>Epoch of the server.</summary>
    [Id(0)]
    public required long Epoch { get; init; }

    /// <summary>What happened, in order.</summary>
    [Id(1)]
    public IReadOnlyList<RunEvent> Events { get; init; } = [];

    /// <summary>Seconds since the server's last report.</summary>
    [Id(2)]
    public double Seconds { get; init; }

    /// <summary>Rounds in all, once known.</summary>
    [Id(3)]
    public long Rounds { get; init; }

    /// <summary>What the run is pinned to, once known.</summary>
    [Id(4)]
    public RunPins? Pins { get; init; }

    /// <summary>The state that the run ends in, or null while it goes on.</summary>
    [Id(5)]
    public RunState? Ended { get; init; }

    /// <summary>With a failure: why.</summary>
    [Id(6)]
    public string? Reason { get; init; }

    /// <summary>With a checkpoint at the end: what came out.</summary>
    [Id(7)]
    public RunResult? Result { get; init; }
}
