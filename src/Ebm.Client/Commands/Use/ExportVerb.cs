using System.CommandLine;
using Ebm.Client.Output;
using Ebm.Contracts.Models;
using Ebm.Core;
using Ebm.Grains.Stores;

namespace Ebm.Client.Commands.Use;

/// <summary><c>export ID --out DIR</c>: writes a model for other programs.</summary>
internal static class ExportVerb
{
    private static readonly Option<string> Out = new("--out")
    {
        Description = "Write the files into this folder; it is created if missing.", HelpName = "DIR", Required = true,
    };

    public static Command Create()
    {
        var verb = new Verb(
            "export", "Export a trained model for other programs.", HelpGroups.Use,
            "./ebm export mnist-rbm-3f2a1c --out model",
            "./ebm export mnist-rbm-3f2a1c --round 4688 --out model "
                + "&& python3 examples/python/load_ebm.py model rows.csv",
            "./ebm export mnist-rbm-3f2a1c --out model --cluster redis://localhost:6379")
        {
            Out,
        };
        ModelOptions.AddTo(verb);
        verb.Does(Export);
        return verb;
    }

    private static async Task<ExitCode> Export(ParseResult parsed)
    {
        var folder = parsed.GetValue(Out)!;
        if (File.Exists(folder))
        {
            throw new InputException($"--out {folder} is a file. Expected a folder, or the name of a new one.");
        }

        await using var model = await ModelOptions.Open(parsed);
        var exported = await model.Export(new ExportCall(parsed.GetValue(SharedOptions.Round)));
        foreach (var file in exported.Files)
        {
            AtomicFile.Write(Path.GetFullPath(file.Name, Path.GetFullPath(folder)), file.Content);
            Console.Error.WriteLine(
                $"wrote {Path.Combine(folder, file.Name)} ({HumanFormat.Size(file.Content.Length)})");
        }

        Console.Error.WriteLine(HumanFormat.Of(
            $"exported the model of {parsed.GetValue(SharedOptions.Id)}, round {exported.Round}"));
        return ExitCode.Succeeded;
    }
}
