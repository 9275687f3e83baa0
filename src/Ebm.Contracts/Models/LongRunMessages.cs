namespace Ebm.Contracts.Models;

/// <summary>
/// A piece of a long run: chains from data and from noise go on with the run's sampler. A turn is one application of
/// it, as in a round of training. The states before the piece are the file that was put; with <paramref name="From"/>
/// 0, none.
/// </summary>
/// <param name="Round">The checkpoint's round; the newest if null.</param>
/// <param name="Seed">Seed of the chains; the run's if null.</param>
/// <param name="Chains">Chains of each of the two kinds.</param>
/// <param name="From">Turns that were done before.</param>
/// <param name="To">Turns that are done after it; at least <paramref name="From"/>.</param>
/// <param name="Measure">Whether the chains are looked at after it.</param>
[GenerateSerializer, Immutable, Alias("ebm.LongRunCall")]
internal sealed record LongRunCall(
    [property: Id(0)] long? Round,
    [property: Id(1)] ulong? Seed,
    [property: Id(2)] int Chains,
    [property: Id(3)] long From,
    [property: Id(4)] long To,
    [property: Id(5)] bool Measure);

/// <summary>Chains that started in one way, as they are now.</summary>
/// <param name="Energy">Their mean energy.</param>
/// <param name="EnergyError">Its standard error, chains being independent.</param>
/// <param name="Mmd">Squared MMD between them and rows of data.</param>
/// <param name="MmdError">Its standard error if both were of one law.</param>
[GenerateSerializer, Immutable, Alias("ebm.StartFigures")]
internal sealed record StartMetrics(
    [property: Id(0)] double Energy, [property: Id(1)] double EnergyError, [property: Id(2)] double Mmd,
    [property: Id(3)] double MmdError);

/// <summary>What was seen after some steps.</summary>
/// <param name="Step">Transitions of each chain so far.</param>
/// <param name="FromData">Chains that started at training rows.</param>
/// <param name="FromNoise">Chains that started at noise.</param>
/// <param name="NestedRHat">Of the energies, the two kinds being superchains: near 1 once the start is
/// forgotten.</param>
/// <param name="NonFinite">Chains that have left the finite numbers.</param>
[GenerateSerializer, Immutable, Alias("ebm.LongRunRow")]
internal sealed record LongRunRow(
    [property: Id(0)] long Step,
    [property: Id(1)] StartMetrics FromData,
    [property: Id(2)] StartMetrics FromNoise,
    [property: Id(3)] double NestedRHat,
    [property: Id(4)] int NonFinite);

/// <summary>A piece that was done, and what there is to take.</summary>
/// <param name="Round">The checkpoint's round.</param>
/// <param name="Model">SHA-256 of the parameters: pieces of one long run have the same.</param>
/// <param name="Seed">Seed of the chains.</param>
/// <param name="StepsPerTurn">Transitions of a turn.</param>
/// <param name="Row">What was seen, where that was asked for.</param>
/// <param name="DataEnergy">Mean energy of the rows of data that chains are held against; null without a row.</param>
/// <param name="StateBytes">Length of the states: little-endian float32, the chains from data, then those from
/// noise.</param>
[GenerateSerializer, Immutable, Alias("ebm.LongRunReply")]
internal sealed record LongRunReply(
    [property: Id(0)] long Round,
    [property: Id(1)] string Model,
    [property: Id(2)] ulong Seed,
    [property: Id(3)] int StepsPerTurn,
    [property: Id(4)] LongRunRow? Row,
    [property: Id(5)] double? DataEnergy,
    [property: Id(6)] long StateBytes);
