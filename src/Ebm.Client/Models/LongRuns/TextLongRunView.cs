using Ebm.Client.Output;
using Ebm.Contracts.Models;

namespace Ebm.Client.Models.LongRuns;

/// <summary>For people: a growing table, padded on a terminal, separated by tabs in a pipe.</summary>
internal sealed class TextLongRunView : ILongRunView
{
    private static readonly string[] Names =
    [
        "step", "E from data", "+-", "E from noise", "+-", "nested R-hat", "MMD2 from data", "+-", "MMD2 from noise",
        "+-",
    ];

    public void ShowStart(LongRunState state, long steps)
    {
        Console.Error.WriteLine(
            HumanFormat.Of($"{state.Chains} chains from training rows and {state.Chains} from noise, ")
            + HumanFormat.Of($"{steps} steps in turns of {state.StepsPerTurn}; ")
            + HumanFormat.Of($"round {state.Round}, mean energy of data {HumanFormat.Number(state.DataEnergy)}"));
        Write(Names);
    }

    public void ShowRow(LongRunRow row) => Write(
    [
        HumanFormat.Of($"{row.Step}"),
        HumanFormat.Number(row.FromData.Energy), HumanFormat.Number(row.FromData.EnergyError),
        HumanFormat.Number(row.FromNoise.Energy), HumanFormat.Number(row.FromNoise.EnergyError),
        HumanFormat.Number(row.NestedRHat),
        HumanFormat.Number(row.FromData.Mmd), HumanFormat.Number(row.FromData.MmdError),
        HumanFormat.Number(row.FromNoise.Mmd), HumanFormat.Number(row.FromNoise.MmdError),
    ]);

    private static void Write(IReadOnlyList<string> cells) => Console.Out.WriteLine(
        Console.IsOutputRedirected
            ? string.Join('\t', cells)
            : string.Join("  ", cells.Zip(Names).Select(pair => pair.First.PadLeft(Math.Max(8, pair.Second.Length)))));
}
