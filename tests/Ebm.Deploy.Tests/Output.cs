using System.Diagnostics;
using System.Text;

namespace Ebm.Deploy.Tests;

/// <summary>What a program prints.</summary>
internal static class Output
{
    /// <summary>Runs it to its end.</summary>
    /// <exception cref="InvalidOperationException">It fails; the message is what it wrote to standard
    /// error.</exception>
    public static string Of(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var errors = new StringBuilder();
        process.ErrorDataReceived += (_, line) => errors.AppendLine(line.Data);
        process.BeginErrorReadLine();
        var text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? text
            : throw new InvalidOperationException(
                $"{program} {string.Join(' ', arguments)}: exit code {process.ExitCode}: {errors}");
    }
}
