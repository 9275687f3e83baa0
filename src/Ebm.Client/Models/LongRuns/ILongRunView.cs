using Ebm.Contracts.Models;

namespace Ebm.Client.Models.LongRuns;

/// <summary>Shows a long run while it goes on.</summary>
internal interface ILongRunView
{
    /// <summary>It begins, or goes on from <paramref name="state"/>, to so many steps.</summary>
    void Begin(LongRunState state, long steps);

    /// <summary>What was seen after some steps.</summary>
    void Row(LongRunRow row);
}
