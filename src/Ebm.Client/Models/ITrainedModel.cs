using Ebm.Contracts.Models;

namespace Ebm.Client.Models;

/// <summary>The model of a run, wherever it is computed: on this machine's lanes, or on a cluster's.</summary>
internal interface ITrainedModel : IAsyncDisposable
{
    /// <summary>Draws samples. The call's clamp file is a path on this machine.</summary>
    Task<Samples> Sample(SampleCall call);

    /// <summary>Computes the energy of each row. The call's file is a path on this machine.</summary>
    Task<Scores> Score(ScoreCall call);
}

/// <summary>Samples that were drawn.</summary>
/// <param name="Round">The checkpoint's round.</param>
/// <param name="Steps">Transitions of each chain.</param>
/// <param name="States">The states, [rows, features], row after row.</param>
/// <param name="Rows">Number of states.</param>
/// <param name="Classes">Where their classes came from.</param>
/// <param name="Picture">A PNG of them.</param>
internal sealed record Samples(long Round, int Steps, float[] States, int Rows, ClassOrigin Classes, byte[] Picture);

/// <summary>Energies.</summary>
/// <param name="Round">The checkpoint's round.</param>
/// <param name="Energies">One for each row.</param>
/// <param name="Classes">The class that it is the energy of, of a model with classes; else empty.</param>
/// <param name="Origin">Where the classes came from.</param>
internal sealed record Scores(long Round, float[] Energies, int[] Classes, ClassOrigin Origin);
