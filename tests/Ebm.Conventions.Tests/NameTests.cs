using System.Reflection;
using System.Runtime.CompilerServices;
using Ebm.Client.Commands;
using Ebm.Configuration.Reading;
using Ebm.Contracts.Runs;
using Ebm.Core;
using Ebm.Data.Loading;
using Ebm.Grains.Runs;
using Ebm.Reporting.Plots;
using Ebm.RunFolders.Checkpoints;
using Ebm.ScriptProbe;
using Ebm.Silo;

namespace Ebm.Conventions.Tests;

/// <summary>
/// Names are terms of MCMC, deep learning and distributed systems; words that were replaced stay away.
/// </summary>
public sealed class NameTests
{
    private static readonly string[] Replaced =
    [
        "Agreement", "Breach", "BringBack", "Care", "Farewell", "Figure", "Figures", "Glance", "Insist",
        "Insistence", "Intake", "Law", "Laws", "Look", "Looks", "Pauses", "Picture", "Pictures", "Piecework", "Proof",
        "Reread", "Route", "Settling", "Spoil", "Spoilt", "Trouble", "Walk", "Watch", "Watches", "Way", "Whole",
    ];

    private static readonly Type[] OnePerAssembly =
    [
        typeof(EbmException), typeof(SpecFile), typeof(DatasetLoader), typeof(CheckpointDirectory), typeof(SampleGrid),
        typeof(ModuleProbe), typeof(RunId), typeof(RunContexts), typeof(EmbeddedSilo), typeof(CommandLine),
    ];

    /// <summary>Formats and protocols that keep a word: `ebm watch` is a verb of the console.</summary>
    private static readonly string[] Kept = ["WatchVerb"];

    [Fact]
    public void TypesAndMethods_OfAllProjects_HaveNoReplacedWord()
    {
        var names =
            from type in OnePerAssembly.SelectMany(t => t.Assembly.GetTypes())
            where IsWritten(type) && !Kept.Contains(type.Name)
            from name in Methods(type).Prepend(type.Name)
            where Words(name).Intersect(Replaced).Any()
            select $"{type.FullName}: {name}";

        Assert.Equal("", string.Join('\n', names.Distinct()));
    }

    private static bool IsWritten(Type type) =>
        type.Namespace?.StartsWith("Ebm.", StringComparison.Ordinal) == true
        && !type.IsDefined(typeof(CompilerGeneratedAttribute), false)
        && !type.Name.Contains('<', StringComparison.Ordinal);

    private static IEnumerable<string> Methods(Type type) =>
        type.GetMethods(BindingFlags.DeclaredOnly | BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static)
            .Where(m => !m.IsSpecialName && !m.IsDefined(typeof(CompilerGeneratedAttribute), false))
            .Select(m => m.Name);

    /// <summary>The words of a name in Pascal case.</summary>
    private static IEnumerable<string> Words(string name)
    {
        var start = 0;
        for (var i = 1; i <= name.Length; i++)
        {
            if (i == name.Length || char.IsUpper(name[i]))
            {
                yield return name[start..i];
                start = i;
            }
        }
    }
}
