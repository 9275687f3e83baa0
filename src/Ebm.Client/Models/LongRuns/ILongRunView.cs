using Ebm.Contracts.Models;

namespace Ebm.Client.Models.LongRuns;

/// <summary>Shows the progress of a long run.</summary>
internal interface ILongRunView
{
    /// <summary>
    /// Shows the start: from <paramref name="state"/> to <paramref name="steps"/> transitions in total.
    /// </summary>
    void ShowStart(LongRunState state, long steps);

    /// <summary>Shows the metrics after some steps.</summary>
    void ShowRow(LongRunRow row);
}
