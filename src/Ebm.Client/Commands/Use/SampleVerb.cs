using System.CommandLine;
using System.Globalization;
using System.Text;
using Ebm.Client.Models;
using Ebm.Client.Output;
using Ebm.Contracts.Models;
using Ebm.Core;
using Ebm.Grains.Stores;

namespace Ebm.Client.Commands.Use;

/// <summary><c>sample ID</c>: fresh chains from a checkpoint's model, or chains that go on from rows.</summary>
internal static class SampleVerb
{
    private const string All = "all";
    private const int MostChains = 65536, MostSteps = 10_000_000;

    private static readonly Option<int> Count = new("-n", "--count")
    {
        Description = "Number of chains, each of which gives one sample.", HelpName = "N",
        DefaultValueFactory = _ => 64,
    };

    private static readonly Option<string?> Out = new("--out")
    {
        Description = "The picture, grid.png if not given; of text the lines, on standard output if not given.",
        HelpName = "FILE",
    };

    private static readonly Option<int?> Steps = new("--steps")
    {
        Description = "Transitions of each chain; 1000 for gibbs, ten times the spec's for "
            + "other samplers if not given.", HelpName = "K",
    };

    private static readonly Option<ulong?> Seed = new("--seed")
    {
        Description = "Seed of the chains; the run's if not given.", HelpName = "S",
    };

    private static readonly Option<string?> ClampFile = new("--clamp")
    {
        Description = "Keep the known values of FILE (in a format of the run's data, a PNG or a folder of PNGs; "
            + "one row for all chains, or one for each): inpainting. NaN (CSV: also an empty field; text: ?) is free.",
        HelpName = "FILE",
    };

    private static readonly Option<KnownSide?> Known = new("--known")
    {
        Description = "With --clamp and images: only this half of each row of FILE is known.",
        HelpName = "top|bottom|left|right",
    };

    private static readonly Option<string?> Start = new("--start")
    {
        Description = "Go on from the rows of FILE (one for all chains, or one for each) instead of from noise.",
        HelpName = "FILE",
    };

    private static readonly Option<string?> Class = new("--class")
    {
        Description = "Of a model with classes: draw this class alone, or N of each. Not given: "
            + "the classes of the rows of --clamp or --start, or as they come in the data.",
        HelpName = "Y|all",
    };

    private static readonly Option<string?> Npy = new("--npy")
    {
        Description = "Write the samples as a NumPy array too, float32 [N, features].", HelpName = "FILE",
    };

    public static Command Create()
    {
        var verb = new Verb(
            "sample", "Draw samples of a trained model.", HelpGroups.Use,
            "./ebm sample two-moons-3f2a1c -n 1024 --out moons.png",
            "./ebm sample mnist-rbm-3f2a1c -n 64 --steps 2000 --seed 7 --npy samples.npy",
            "./ebm sample words-3f2a1c -n 20",
            "./ebm sample mnist-rbm-3f2a1c --clamp data/mnist/t10k-images-idx3-ubyte.gz --known "
                + "top --out inpainted.png",
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

        Console.Error.WriteLine(HumanFormat.Of(
            $"{(path is null ? "" : $"wrote {path}: ")}{samples.Rows} samples of "
                + $"{parsed.GetValue(SharedOptions.Id)}{OfClasses(call, samples)}, round {samples.Round}, "
                + $"{samples.Steps} steps each"));
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
            throw new InputException("--known says which half of the rows of --clamp FILE is known; "
                + "give --clamp FILE.");
        }

        if (parsed.GetValue(Start) is not null && clamp is not null)
        {
            throw new InputException("--start and --clamp exclude each other: rows are gone on from, or kept.");
        }

        return new SampleCall(
            parsed.GetValue(SharedOptions.Round), Within("-n", parsed.GetValue(Count), MostChains),
            parsed.GetValue(Steps) is { } steps ? Within("--steps", steps, MostSteps) : null,
            parsed.GetValue(Seed), clamp, parsed.GetValue(Known), parsed.GetValue(Start))
        {
            Class = parsed.GetValue(Class) is { } y and not All ? ClassNumber(y) : null,
            EachClass = parsed.GetValue(Class) == All,
        };
    }

    private static int ClassNumber(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var y)
        ? y
        : throw new InputException($"--class: expected a class's number (from 0) or {All}, found '{text}'.");

    private static string OfClasses(SampleCall call, Samples samples) => samples.Classes == ClassOrigin.None ? ""
        : call.EachClass ? HumanFormat.Of($", {call.Count} of each class in turn")
        : call.Class is { } y ? HumanFormat.Of($", class {y}")
        : samples.Classes == ClassOrigin.File ? ", each of its class in the file"
        : ", classes as they come in the data, in their order";

    private static int Within(string name, int value, int most) => value >= 1 && value <= most
        ? value
        : throw new InputException(HumanFormat.Of($"{name}: expected a whole number from 1 to {most}, found {value}."));
}
