using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using Ebm.Core;
using Ebm.Core.Energies.Assemblies;
using Ebm.Core.Energies.TorchScript;
using Ebm.Core.Native;
using Ebm.Core.Spec;
using static TorchSharp.torch;

namespace Ebm.ScriptProbe;

/// <summary>
/// The process that checks code: this assembly, run as a program. Its arguments are the question and the
/// time it may take, its input the rows; its answer is a line of its output, where the code may print, too.
/// </summary>
internal static class ScriptProcess
{
    /// <summary>Exit code of a process that was killed.</summary>
    public const int Killed = 128 + 9;

    private const string Mark = "ebm-answer:";

    /// <summary>Asks such a process; <c>Said</c> are all other lines that it wrote.</summary>
    public static (ScriptAnswer? Answer, List<string> Said, int ExitCode) Run(
        ScriptQuestion question, byte[] rows, TimeSpan limit)
    {
        var (lines, errors) = (new List<string>(), new List<string>());
        using var process = Start(JsonSerializer.Serialize(question), $"{limit.TotalSeconds:F0}");
        process.OutputDataReceived += (_, line) => lines.Add(line.Data ?? "");
        process.ErrorDataReceived += (_, line) => errors.Add(line.Data ?? "");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            process.StandardInput.BaseStream.Write(rows);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended already; its exit code says how.
        }

        process.WaitForExit();
        var answer = lines.Find(line => line.StartsWith(Mark, StringComparison.Ordinal));
        return answer is null
            ? (null, errors, process.ExitCode)
            : (JsonSerializer.Deserialize<ScriptAnswer>(answer[Mark.Length..]), lines.FindAll(line => line != answer),
                process.ExitCode);
    }

    /// <summary>What the process does.</summary>
    internal static int Main(string[] arguments)
    {
        var limit = TimeSpan.FromSeconds(int.Parse(arguments[1], null));
        using var clock = new Timer(_ => Process.GetCurrentProcess().Kill(), null, limit, Timeout.InfiniteTimeSpan);
        using var input = Console.OpenStandardInput();
        using var rows = new MemoryStream();
        input.CopyTo(rows);
        var answer = Answer(JsonSerializer.Deserialize<ScriptQuestion>(arguments[0])!, rows.ToArray());
        Console.Out.WriteLine($"\n{Mark}{JsonSerializer.Serialize(answer)}");
        return 0;
    }

    private static ScriptAnswer Answer(ScriptQuestion question, byte[] content)
    {
        try
        {
            TorchLibrary.EnsureLoaded();
            using var rows = tensor(MemoryMarshal.Cast<byte, float>(content).ToArray()).view(-1, question.Features);
            switch (question.Energy)
            {
                case TorchScriptSpec script:
                    ScriptCheck.Check(script, rows, question.Image, question.Follower);
                    break;
                case AssemblyEnergySpec assembly:
                    AssemblyCheck.Check(assembly, rows, question.Image, question.Categories, question.Follower);
                    break;
            }

            return new ScriptAnswer(null);
        }
        catch (EbmException e)
        {
            return new ScriptAnswer(e.Message);
        }
    }

    private static Process Start(params string[] arguments)
    {
        // The runtime that runs this process, wherever it is installed, on this very assembly.
        var dotnet = Path.GetFullPath(
            Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));
        try
        {
            return Process.Start(new ProcessStartInfo(dotnet, [typeof(ScriptProcess).Assembly.Location, .. arguments])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
        }
        catch (Win32Exception e)
        {
            throw new EbmException($"{dotnet} cannot be started to check the energy's code: {e.Message}", e);
        }
    }
}
