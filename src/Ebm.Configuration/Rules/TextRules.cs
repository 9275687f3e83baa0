using Ebm.Core;
using System.Text;
using Ebm.Configuration.Reading;
using Ebm.Core.Spec;
using Ebm.Core.States;

namespace Ebm.Configuration.Rules;

/// <summary>Rules of text data and of energies on it.</summary>
internal static class TextRules
{
    /// <summary>All violations.</summary>
    public static IEnumerable<SpecIssue> Check(RunSpec spec) =>
        [.. Kinds(spec), .. Sequence(spec.Energy), .. Text(spec.Data)];

    private static IEnumerable<SpecIssue> Kinds(RunSpec spec)
    {
        var (energy, data) = (SpecShape.KindOf(spec.Energy.GetType()), SpecShape.KindOf(spec.Data.GetType()));
        if (spec is { Energy: SequenceSpec, Data: not TextDataSpec })
        {
            yield return new("energy.kind",
                $"sequence needs lines of text; the data is of kind {data}. Use data: {{kind: text}}", "data.kind");
        }

        if (spec.Data is TextDataSpec && spec.Energy.StateUnits() != UnitKind.Categorical)
        {
            yield return new("energy.kind", $"text data needs categorical units; those of {energy} are "
                + $"{SpecShape.NameOf(spec.Energy.StateUnits())}. Use sequence", "data.kind");
        }
    }

    private static IEnumerable<SpecIssue> Sequence(EnergySpec energy)
    {
        if (energy is SequenceSpec { Layers: SequenceLayers.Conv } conv && conv.Kernel % 2 == 0)
        {
            yield return new("energy.kernel",
                $"expected an odd number, so that the kernel has a centre; found {conv.Kernel}");
        }

        if (energy is SequenceSpec { Layers: SequenceLayers.Attention } attention
            && attention.Width % attention.Heads != 0)
        {
            yield return new("energy.heads",
                $"expected a divisor of the width ({attention.Width}), found {attention.Heads}", "energy.width");
        }
    }

    private static IEnumerable<SpecIssue> Text(DataSpec data)
    {
        if (data is not TextDataSpec text)
        {
            yield break;
        }

        if (text.Range is not null)
        {
            yield return new("data.range", "characters have no range; remove it", "data.kind");
        }

        if (text.Alphabet is { } alphabet)
        {
            Rune[] characters = [.. alphabet.EnumerateRunes()];
            if (characters.Length is 0 or > Alphabet.MostCharacters)
            {
                yield return new("data.alphabet",
                    $"expected 1 to {Alphabet.MostCharacters} characters, found {characters.Length}");
            }

            if (characters.GroupBy(c => c).FirstOrDefault(g => g.Count() > 1) is { } twice)
            {
                yield return new("data.alphabet",
                    $"{Quote.Character(twice.Key)} occurs twice; list each character once");
            }

            if (characters.FirstOrDefault(c => c.Value is '\n' or '\r') is { Value: > 0 } end)
            {
                yield return new("data.alphabet",
                    $"{Quote.Character(end)} ends a line and cannot be part of one; remove it");
            }
        }
    }
}
