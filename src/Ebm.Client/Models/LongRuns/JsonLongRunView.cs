using Ebm.Client.Output;
using Ebm.Contracts.Models;

namespace Ebm.Client.Models.LongRuns;

/// <summary>For programs: an object of type <c>step</c> for each row.</summary>
internal sealed class JsonLongRunView : ILongRunView
{
    public void ShowStart(LongRunState state, long steps) => JsonOutput.Write("begin", o =>
    {
        o["round"] = state.Round;
        o["model"] = state.Model;
        o["seed"] = state.Seed;
        o["chains"] = state.Chains;
        o["stepsPerTurn"] = state.StepsPerTurn;
        o["steps"] = steps;
        o["dataEnergy"] = JsonOutput.Node(state.DataEnergy);
    });

    public void ShowRow(LongRunRow row) => JsonOutput.Write("step", JsonOutput.Members(row));
}
