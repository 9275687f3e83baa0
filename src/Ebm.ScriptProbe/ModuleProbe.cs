using System.Collections.Concurrent;
using Ebm.Core;
using Ebm.Core.Native;
using Ebm.Core.Datasets;
using Ebm.Core.Energies;
using Ebm.Core.Energies.Assemblies;
using Ebm.Core.Energies.TorchScript;
using Ebm.Core.Plans;
using Ebm.Core.Randomness;
using Ebm.Core.Spec;
using Ebm.Core.States;
using static TorchSharp.torch;

namespace Ebm.ScriptProbe;

/// <summary>
/// Checks an energy that is code (a module, a class of an assembly) in a process of its own. libtorch answers some bad
/// code (an unknown operation, no forward method) with an exception that cannot be caught, and code may never return:
/// both end that process, and not this one.
/// </summary>
internal static class ModuleProbe
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>Questions that had a good answer: a process may derive what it needs of a run more than once.</summary>
    private static readonly ConcurrentDictionary<string, bool> Passed = new();

    /// <summary>Checks the code of a run on the first rows of its data; does nothing for other energies.</summary>
    /// <exception cref="InputException">It is not the code of an energy that this run could train.</exception>
    public static void Check(RunSpec spec, Dataset data)
    {
        // Problems that show without running the code need no process.
        var sha256 = spec.Energy switch
        {
            TorchScriptSpec script => ScriptFile.Read(script.Path).Sha256,
            AssemblyEnergySpec assembly => AssemblyFile.Read(assembly.Path).Sha256,
            _ => null,
        };
        if (sha256 is null)
        {
            return;
        }

        var question = new ScriptQuestion(
            spec.Energy, data.Train.Features, data.Train.Image, data.Alphabet?.Categories ?? 0,
            spec.Sampler.FollowsGradient() ? SpecShape.KindOf(spec.Sampler.GetType()) : null);
        var known = $"{sha256} {question}";
        if (Passed.ContainsKey(known))
        {
            return;
        }

        using var rows = PositiveBatch.EvaluationRows(
            data, DataPart.Train, 0, Math.Min(RowBlocks.Size, data.Train.Count), spec.Seed, NoiseFactory.On(CPU), CPU);
        if (Ask(question, rows.bytes.ToArray(), Limit) is { } problem)
        {
            throw new InputException(problem);
        }

        Passed.TryAdd(known, true);
    }

    /// <summary>The problem of an energy, or null.</summary>
    /// <param name="question">The energy and its data.</param>
    /// <param name="rows">Rows of the data, little-endian float32.</param>
    /// <param name="limit">The time that it may take.</param>
    internal static string? Ask(ScriptQuestion question, byte[] rows, TimeSpan limit)
    {
        var (answer, said, code) = ScriptProcess.Run(question, rows, limit);
        var (path, subject) = question.Energy switch
        {
            TorchScriptSpec script => (script.Path, "the module"),
            AssemblyEnergySpec assembly => (assembly.Path, assembly.Type),
            _ => throw new InvalidOperationException($"{question.Energy.GetType().Name} is not code."),
        };
        string Bad(string what) => EnergyFile.Bad(path, $"{subject} {what}").Message;
        return answer switch
        {
            { Problem: { } problem } => problem,
            not null when said.Find(line => line.Length > 0) is { } printed =>
                Bad($"prints when it is called ('{printed}'); a run calls it many thousand times. "
                    + "Take the print out."),
            not null => null,
            null when code == ScriptProcess.Killed => Bad(
                $"did not return within {limit.TotalSeconds} s, or it needs more memory than there is."),
            null => Bad($"ends the process that computes it: {TorchError.Brief(string.Join('\n', said))}"),
        };
    }
}

/// <summary>An energy to check, and its data.</summary>
/// <param name="Energy">The energy.</param>
/// <param name="Features">Numbers in a row.</param>
/// <param name="Image">Their shape, where rows are images.</param>
/// <param name="Categories">Number of characters, where rows are text; else 0.</param>
/// <param name="Follower">The kind of sampler, where it follows dE/dx; else null.</param>
internal sealed record ScriptQuestion(
    EnergySpec Energy, int Features, ImageShape? Image, int Categories, string? Follower);

/// <summary>The answer of the other process.</summary>
/// <param name="Problem">The problem; null if there is none.</param>
internal sealed record ScriptAnswer(string? Problem);
