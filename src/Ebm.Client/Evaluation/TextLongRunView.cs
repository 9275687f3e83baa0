using Ebm.Client.Output;
using Ebm.Contracts.Models;

namespace Ebm.Client.Evaluation;

/// <summary>For people: a table that grows, padded on a terminal, parted by tabs in a pipe.</summary>
internal sealed class TextLongRunView : ILongRunView
{
    private static readonly string[] Names =
        ["step", "E from data", "+-", "E from noise", "+-", "nested R-hat", "MMD2 from data", "+-", "MMD2 from noise", "+-"];

    public void Begin(LongRunState state, long steps)
    {
        Console.Error.WriteLine(Readable.Of(
            $"{state.Chains} chains from training rows and {state.Chains} from noise, {steps} steps in turns of {state.StepsPerTurn}; round {state.Round}, mean energy of data {Readable.Figure(state.DataEnergy)}"));
        Write(Names);
    }

    public void Row(LongRunRow row) => Write(
    [
        Readable.Of($"{row.Step}"),
        Readable.Figure(row.FromData.Energy), Readable.Figure(row.FromData.EnergyError),
        Readable.Figure(row.FromNoise.Energy), Readable.Figure(row.FromNoise.EnergyError),
        Readable.Figure(row.NestedRHat),
        Readable.Figure(row.FromData.Mmd), Readable.Figure(row.FromData.MmdError),
        Readable.Figure(row.FromNoise.Mmd), Readable.Figure(row.FromNoise.MmdError),
    ]);

    private static void Write(IReadOnlyList<string> cells) => Console.Out.WriteLine(
        Console.IsOutputRedirected
            ? string.Join('\t', cells)
            : string.Join("  ", cells.Zip(Names).Select(pair => pair.First.PadLeft(Math.Max(8, pair.Second.Length)))));
}
