using Ebm.Client.Remote;
using Ebm.Client.Runs;
using Ebm.Contracts;
using Ebm.Core;

namespace Ebm.Client.Output;

/// <summary>Failures as a person reads them: <c>error: message</c> on standard error, and their exit codes.</summary>
internal static class Errors
{
    /// <summary>Runs a verb; its exceptions become a message and an exit code.</summary>
    public static async Task<int> Guard(bool verbose, OutputFormat format, Func<Task<ExitCode>> act)
    {
        try
        {
            return (int)await act();
        }
        catch (Exception e)
        {
            var code = CodeOf(e);
            Show(e, verbose);
            if (format == OutputFormat.Json)
            {
                JsonOutput.Write("result", o =>
                {
                    o["error"] = e.Message;
                    o["exitCode"] = (int)code;
                });
            }

            return (int)code;
        }
    }

    private static ExitCode CodeOf(Exception e) => e switch
    {
        NotFoundException or UnknownRunException => ExitCode.NotFound,
        UnreachableException => ExitCode.Unreachable,
        InputException => ExitCode.BadInput,
        EbmException => ExitCode.Failed,
        _ => ExitCode.Unexpected,
    };

    private static void Show(Exception e, bool verbose)
    {
        if (e is EbmException)
        {
            foreach (var line in e.Message.Split('\n'))
            {
                Console.Error.WriteLine($"error: {line}");
            }
        }
        else
        {
            Console.Error.WriteLine($"error: unexpected {e.GetType().Name}: {e.Message.Split('\n')[0]}");
            if (!verbose)
            {
                Console.Error.WriteLine("This is a defect of ebm; the same command with --verbose shows where.");
            }
        }

        if (verbose)
        {
            Console.Error.WriteLine(e);
        }
    }
}
