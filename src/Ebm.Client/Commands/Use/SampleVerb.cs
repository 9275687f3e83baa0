using System.CommandLine;
using System.Globalization;
using System.Text;
using Ebm.Client.Models;
using Ebm.Client.Output;
using Ebm.Contracts.Models;
using Ebm.Core;
using Ebm.Grains.Stores;

namespace Ebm.Client.Commands.Use;

/// <summary><c>sample ID</c>: runs chains of a checkpoint's model, from fresh states or from given rows.</summary>
internal static class SampleVerb
{
    private const string All = "all";
    private const int MaximumChains = 65536, MaximumSteps = 10_000_000;

    private static readonly Option<int> Count = new("-n", "--count")
    {
        Description = "Run N chains; each gives one sample.", HelpName = "N", DefaultValueFactory = _ => 64,
    };

    private static readonly Option<string?> Out = new("--out")
    {
        Description = "Write the image, or the lines of text, to FILE. Default: grid.png, or standard output for text.",
        HelpName = "FILE",
    };

    private static readonly Option<int?> Steps = new("--steps")
    {
        Description = "Run K transitions in each chain. "
            + "Default: 1000 for gibbs, ten times the spec's for other samplers.",
        HelpName = "K",
    };

    private static readonly Option<ulong?> Seed = new("--seed")
    {
        Description = "Seed the chains with S. Default: the run's seed.", HelpName = "S",
    };

    private static readonly Option<string?> ClampFile = new("--clamp")
    {
        Description = "Clamp the known values of FILE (inpainting). FILE has a format of the run's data, "
            + "or is a PNG or a folder of PNGs; it has one row for all chains, or one for each. "
            + "Unknown values are NaN (CSV: also an empty field; text: ?).",
        HelpName = "FILE",
    };

    private static readonly Option<KnownSide?> Known = new("--known")
    {
        Description = "With --clamp and images: clamp only this half of each row of FILE.",
        HelpName = "top|bottom|left|right",
        CustomParser = result => SharedOptions.ParseChoice<KnownSide>("--known", result),
    };

    private static readonly Option<string?> Start = new("--start")
    {
        Description = "Start the chains from the rows of FILE (one row for all chains, "
            + "or one for each), not from noise.",
        HelpName = "FILE",
    };

    private static readonly Option<string?> Class = new("--class")
    {
        Description = "For a model with classes: draw class Y only, or N of each class. "
            + "Default: the classes of the rows of --clamp or --start, or the frequencies of the data.",
        HelpName = "Y|all",
    };

    private static readonly Option<string?> Npy = new("--npy")
    {
        Description = "Also write the samples to FILE as a NumPy array, float32 [N, features].", HelpName = "FILE",
    };

    public static Command Create()
    {
        var verb = new Verb(
            "sample", "Draw samples from a trained model.", HelpGroups.Use,
            "./ebm sample two-moons-3f2a1c -n 1024 --out moons.png",
            "./ebm sample mnist-rbm-3f2a1c -n 64 --steps 2000 --seed 7 --npy samples.npy",
            "./ebm sample words-3f2a1c -n 20",
            "./ebm sample mnist-rbm-3f2a1c --clamp data/mnist/t10k-images-idx3-ubyte.gz "
                + "--known top --out inpainted.png",
            "./ebm sample mnist-rbm-3f2a1c --start samples.npy --steps 100 --out later.png",
            "./ebm sample mnist-classes-3f2a1c --class 7 -n 16",
            "./ebm sample mnist-rbm-3f2a1c --cluster redis://localhost:6379")
        {
            Count, Out, Steps, Seed, ClampFile, Known, Start, Class, Npy,
        };
        ModelOptions.AddTo(verb);
        verb.Does(Sample);
        return verb;
    }

    private static async Task<ExitCode> Sample(ParseResult parsed)
    {
        var call = CallOf(parsed);
        await using var model = await ModelOptions.Open(parsed);
        var samples = await model.Sample(call);
        var path = parsed.GetValue(Out) ?? (samples.IsText ? null : "grid.png");
        if (path is null)
        {
            Console.Out.Write(Encoding.UTF8.GetString(samples.Picture));
        }
        else
        {
            AtomicFile.Write(Path.GetFullPath(path), samples.Picture);
        }

        Console.Error.WriteLine((path is null ? "" : $"wrote {path}: ")
            + HumanFormat.Of($"{samples.Rows} samples of {parsed.GetValue(SharedOptions.Id)}")
            + HumanFormat.Of($"{ClassText(call, samples)}, round {samples.Round}, {samples.Steps} steps each"));
        if (parsed.GetValue(Npy) is { } npy)
        {
            AtomicFile.Write(Path.GetFullPath(npy), NpyBytes.Of(samples.States, samples.Rows));
            Console.Error.WriteLine($"wrote {npy}");
        }

        return ExitCode.Succeeded;
    }

    private static SampleCall CallOf(ParseResult parsed)
    {
        var clamp = parsed.GetValue(ClampFile);
        if (parsed.GetValue(Known) is not null && clamp is null)
        {
            throw new InputException(
                "--known needs --clamp: it names the known half of the rows of --clamp FILE. Add --clamp FILE.");
        }

        if (parsed.GetValue(Start) is not null && clamp is not null)
        {
            throw new InputException(
                "--start and --clamp exclude each other: rows are either the start of the chains, "
                    + "or clamped. Use one of the two.");
        }

        return new SampleCall(
            parsed.GetValue(SharedOptions.Round), Within("-n", parsed.GetValue(Count), MaximumChains),
            parsed.GetValue(Steps) is { } steps ? Within("--steps", steps, MaximumSteps) : null,
            parsed.GetValue(Seed), clamp, parsed.GetValue(Known), parsed.GetValue(Start))
        {
            Class = parsed.GetValue(Class) is { } y and not All ? ClassNumber(y) : null,
            EachClass = parsed.GetValue(Class) == All,
        };
    }

    private static int ClassNumber(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var y)
            ? y
            : throw new InputException($"--class: expected the number of a class (from 0) or {All}, found '{text}'.");

    private static string ClassText(SampleCall call, Samples samples) => samples.Classes == ClassOrigin.None ? ""
        : call.EachClass ? HumanFormat.Of($", {call.Count} of each class in turn")
        : call.Class is { } y ? HumanFormat.Of($", class {y}")
        : samples.Classes == ClassOrigin.File ? ", with the classes of the file"
        : ", with the class frequencies of the data, in order of class";

    private static int Within(string name, int value, int most) => value >= 1 && value <= most
        ? value
        : throw new InputException(HumanFormat.Of($"{name}: expected an integer from 1 to {most}, found {value}."));
}
