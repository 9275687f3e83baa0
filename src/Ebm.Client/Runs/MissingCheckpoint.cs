using Ebm.Client.Output;

namespace Ebm.Client.Runs;

/// <summary>What is said where a checkpoint is asked for that is not there.</summary>
internal static class MissingCheckpoint
{
    /// <summary>The sentence, with the rounds that there are.</summary>
    public static string Text(string run, long? round, IEnumerable<long> there)
    {
        var rounds = there.Order().ToArray();
        return round is null
            ? $"run '{run}' has no checkpoint yet."
            : HumanFormat.Of($"run '{run}' has no checkpoint of round {round}; "
                + $"it has {(rounds.Length == 0 ? "none yet" : string.Join(", ", rounds))}.");
    }
}
