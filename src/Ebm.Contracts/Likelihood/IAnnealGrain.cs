using Ebm.Contracts.Access;
namespace Ebm.Contracts.Likelihood;

/// <summary>
/// One part of an estimate of log Z by annealed importance sampling, at work on a silo with lanes, behind all training.
/// Its key is
/// <c>run/session/number</c>, the session being any text that no other estimate uses. Callers attach the run's
/// <see cref="Placement.RunRequirements"/>.
/// </summary>
[Alias("ebm.IAnnealGrain")]
internal interface IAnnealGrain : IGrainWithStringKey
{
    /// <summary>
    /// Goes on with the part, from its beginning where this grain has not heard of it yet, and answers within a few
    /// seconds how far it is. Work that nobody has asked for in a while is given up. What it gives is a function of
    /// checkpoint and call.
    /// </summary>
    [Alias("Work"), ResponseTimeout("00:00:30"), OpenTo(Role.Read)]
    Task<AnnealReply> Work(AnnealCall call);
}

/// <summary>Parts of an estimate.</summary>
internal enum AnnealPart
{
    /// <summary>The pilot, which comes first.</summary>
    Pilot,

    /// <summary>A block's way to the model.</summary>
    Forward,

    /// <summary>A block's time at the model, and its way back.</summary>
    Back,
}

/// <summary>Which part of which estimate.</summary>
[GenerateSerializer, Immutable, Alias("ebm.AnnealCall")]
internal sealed record AnnealCall
{
    /// <summary>Attempt of the checkpoint.</summary>
    [Id(0)]
    public required int Attempt { get; init; }

    /// <summary>Round of the checkpoint.</summary>
    [Id(1)]
    public required long Round { get; init; }

    /// <summary>Seed of the estimate.</summary>
    [Id(2)]
    public required ulong Seed { get; init; }

    /// <summary>Chains in each direction.</summary>
    [Id(3)]
    public required int Chains { get; init; }

    /// <summary>Temperatures between base and model.</summary>
    [Id(4)]
    public required int Temperatures { get; init; }

    /// <summary>Transitions at the model.</summary>
    [Id(5)]
    public required int Sweeps { get; init; }

    /// <summary>Chains that start at the same state.</summary>
    [Id(6)]
    public required int Copies { get; init; }

    /// <summary>The part.</summary>
    [Id(7)]
    public AnnealPart Part { get; init; }

    /// <summary>The block, of those but the pilot.</summary>
    [Id(8)]
    public int Block { get; init; }

    /// <summary>What the pilot found, for all others.</summary>
    [Id(9)]
    public AnnealPilot? Pilot { get; init; }
}

/// <summary>What a pilot found; see <see cref="Core.Likelihood.PilotReport"/>.</summary>
[GenerateSerializer, Immutable, Alias("ebm.AnnealPilot")]
internal sealed record AnnealPilot([property: Id(0)] double[] Growth, [property: Id(1)] double[][] Tunings);

/// <summary>Progress and result of a part.</summary>
[GenerateSerializer, Immutable, Alias("ebm.AnnealReply")]
internal sealed record AnnealReply
{
    /// <summary>Steps made.</summary>
    [Id(0)]
    public long Done { get; init; }

    /// <summary>Steps in all.</summary>
    [Id(1)]
    public long Total { get; init; }

    /// <summary>Whether what follows is there.</summary>
    [Id(2)]
    public bool IsFinished { get; init; }

    /// <summary>Result of the pilot.</summary>
    [Id(3)]
    public AnnealPilot? Pilot { get; init; }

    /// <summary>Of the pilot: log Z of the base.</summary>
    [Id(4)]
    public double BaseLogZ { get; init; }

    /// <summary>Of the pilot: the method in words.</summary>
    [Id(5)]
    public string Method { get; init; } = "";

    /// <summary>Of a block: the chains' log-weights.</summary>
    [Id(6)]
    public double[] LogWeights { get; init; } = [];

    /// <summary>Of a block of reverse runs: traces of its chains at the model.</summary>
    [Id(7)]
    public double[][] Traces { get; init; } = [];

    /// <summary>What went wrong with the model; null where nothing did.</summary>
    [Id(8)]
    public string? Problem { get; init; }
}
