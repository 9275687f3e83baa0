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
/// <param name="States">The states, [count, features], row after row.</param>
/// <param name="Picture">What is shown of them: a PNG, or lines of text.</param>
/// <param name="IsText">Whether it is lines of text.</param>
internal sealed record Samples(long Round, int Steps, float[] States, byte[] Picture, bool IsText);

/// <summary>Energies.</summary>
/// <param name="Round">The checkpoint's round.</param>
/// <param name="Energies">One for each row.</param>
internal sealed record Scores(long Round, float[] Energies);
