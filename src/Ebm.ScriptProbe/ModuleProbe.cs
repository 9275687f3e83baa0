using System.Collections.Concurrent;
using Ebm.Core;
using Ebm.Core.Native;
using Ebm.Core.Datasets;
using Ebm.Core.Energies.TorchScript;
using Ebm.Core.Plans;
using Ebm.Core.Randomness;
using Ebm.Core.Spec;
using Ebm.Core.States;
using static TorchSharp.torch;

namespace Ebm.ScriptProbe;

/// <summary>
/// Looks at a module in a process of its own. libtorch answers some of what a bad file holds (an unknown operation, no
/// forward method) with an exception that nobody can catch, and a module may never return: both end that process, and
/// not this one.
/// </summary>
public static class ModuleProbe
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>Questions that had a good answer: a process may derive what it needs of a run more than once.</summary>
    private static readonly ConcurrentDictionary<string, bool> Passed = new();

    /// <summary>Checks the module of a run on the first rows of its data; does nothing for other energies.</summary>
    /// <exception cref="InputException">It is not the module of an energy that this run could train.</exception>
    public static void Check(RunSpec spec, Dataset data)
    {
        if (spec.Energy is not TorchScriptSpec script)
        {
            return;
        }

        // What can be told without libtorch needs no process.
        var file = ScriptFile.Read(script.Path);
        var question = new ScriptQuestion(
            script.Path, data.Train.Features, data.Train.Image,
            spec.Sampler.FollowsGradient() ? SpecShape.KindOf(spec.Sampler.GetType()) : null);
        var known = $"{file.Sha256} {question}";
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

    /// <summary>What is wrong with a module, or null.</summary>
    /// <param name="question">Which module, and what for.</param>
    /// <param name="rows">Rows of the data, little-endian float32.</param>
    /// <param name="limit">The time that it may take.</param>
    internal static string? Ask(ScriptQuestion question, byte[] rows, TimeSpan limit)
    {
        var (answer, said, code) = ScriptProcess.Run(question, rows, limit);
        string Bad(string what) => ScriptFile.Bad(question.Path, what).Message;
        return answer switch
        {
            { Problem: { } problem } => problem,
            not null when said.Find(line => line.Length > 0) is { } printed =>
                Bad($"the module prints when it is called ('{printed}'); a run calls it many thousand times. "
                    + "Take the print out."),
            not null => null,
            null when code == ScriptProcess.Killed => Bad(
                $"the module did not return within {limit.TotalSeconds} s, or it needs more memory than there is."),
            null => Bad($"the module ends the process that computes it: {TorchError.Brief(string.Join('\n', said))}"),
        };
    }
}

/// <summary>What is asked of a module.</summary>
/// <param name="Path">Its file.</param>
/// <param name="Features">Numbers in a row.</param>
/// <param name="Image">Their shape, where rows are images.</param>
/// <param name="Follower">The kind of sampler, where it follows dE/dx; else null.</param>
internal sealed record ScriptQuestion(string Path, int Features, ImageShape? Image, string? Follower);

/// <summary>What the other process found.</summary>
/// <param name="Problem">What is wrong; null if nothing is.</param>
internal sealed record ScriptAnswer(string? Problem);
