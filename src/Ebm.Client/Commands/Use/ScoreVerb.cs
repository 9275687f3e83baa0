using System.CommandLine;
using System.Globalization;
using System.Text;
using Ebm.Client.Output;
using Ebm.Contracts.Models;
using Ebm.Grains.Stores;

namespace Ebm.Client.Commands.Use;

/// <summary><c>score ID --data FILE</c>: computes the energy of each row.</summary>
internal static class ScoreVerb
{
    private static readonly Option<string> Data = new("--data")
    {
        Description = "Score the rows of this file (IDX, NPY, CSV, CIFAR-10 *.bin, PNG, or a folder of PNGs; "
            + "for a run on text, lines). It is read like the run's data.",
        HelpName = "FILE",
        Required = true,
    };

    private static readonly Option<int?> Class = new("--class")
    {
        Description = "For a model with classes: use this class for all rows. "
            + "Default: the file's labels (PNG subfolders, CIFAR-10); "
            + "if it has none, the class of lowest energy of each row.",
        HelpName = "Y",
    };

    private static readonly Option<string?> Out = new("--out")
    {
        Description = "Write the scores to this CSV file. Default: standard output.", HelpName = "FILE.csv",
    };

    public static Command Create()
    {
        var verb = new Verb(
            "score", "Compute the energy of each row of a file.", HelpGroups.Use,
            "./ebm score mnist-rbm-3f2a1c --data data/mnist/t10k-images-idx3-ubyte.gz --out scores.csv",
            "./ebm score two-moons-3f2a1c --data points.csv --round 1000 | sort -t, -k2 -g | head",
            "./ebm score mnist-rbm-3f2a1c --data FILE --cluster redis://localhost:6379")
        {
            Data, Class, Out,
        };
        ModelOptions.AddTo(verb);
        verb.Does(Score);
        return verb;
    }

    private static async Task<ExitCode> Score(ParseResult parsed)
    {
        var call = new ScoreCall(parsed.GetValue(SharedOptions.Round), parsed.GetValue(Data)!, parsed.GetValue(Class));
        await using var model = await ModelOptions.Open(parsed);
        var scores = await model.Score(call);
        var energies = scores.Energies;
        var classes = scores.Classes;
        var csv = new StringBuilder(classes.Length == 0 ? "row,energy\n" : "row,energy,class\n");
        for (var row = 0; row < energies.Length; row++)
        {
            csv.Append(CultureInfo.InvariantCulture, $"{row + 1},{energies[row]:R}");
            csv.Append(CultureInfo.InvariantCulture, $"{(classes.Length == 0 ? "" : $",{classes[row]}")}\n");
        }

        if (parsed.GetValue(Out) is { } path)
        {
            AtomicFile.Write(Path.GetFullPath(path), Encoding.UTF8.GetBytes(csv.ToString()));
        }
        else
        {
            Console.Out.Write(csv);
        }

        var mean = HumanFormat.Number(energies.Average(e => (double)e));
        Console.Error.WriteLine(HumanFormat.Of($"mean energy {mean} over {energies.Length} rows, ")
            + HumanFormat.Of($"{parsed.GetValue(SharedOptions.Id)}, round {scores.Round}")
            + ClassText(scores.Origin)
            + (parsed.GetValue(Out) is { } written ? $"; wrote {written}" : ""));
        return ExitCode.Succeeded;
    }

    private static string ClassText(ClassOrigin origin) => origin switch
    {
        ClassOrigin.File => "; classes: the file's labels",
        ClassOrigin.Lowest => "; classes: the one of lowest energy for each row, as the file has no labels "
            + "(--class Y sets one for all)",
        _ => "",
    };
}
