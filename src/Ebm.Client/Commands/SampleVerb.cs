using System.CommandLine;
using Ebm.Client.Output;
using Ebm.Client.Runs;
using Ebm.Contracts.Models;
using Ebm.Core;
using Ebm.Grains.Checkpoints;
using Ebm.Grains.Stores;

namespace Ebm.Client.Commands;

/// <summary><c>sample ID</c>: fresh chains from a checkpoint's model.</summary>
internal static class SampleVerb
{
    private const int MostChains = 65536;

    private static readonly Option<int> Count = new("-n", "--count")
    {
        Description = "Number of chains, each of which gives one sample.", HelpName = "N", DefaultValueFactory = _ => 64,
    };

    private static readonly Option<string> Out = new("--out")
    {
        Description = "The picture.", HelpName = "FILE.png", DefaultValueFactory = _ => "grid.png",
    };

    private static readonly Option<int?> Steps = new("--steps")
    {
        Description = "Transitions of each chain; 1000 for gibbs, ten times the spec's for langevin if not given.", HelpName = "K",
    };

    private static readonly Option<ulong?> Seed = new("--seed")
    {
        Description = "Seed of the chains; the run's if not given.", HelpName = "S",
    };

    private static readonly Option<string?> ClampFile = new("--clamp")
    {
        Description = "Keep the known values of FILE (NPY, CSV or IDX; one row for all chains, or one for each): inpainting. "
            + "NaN (CSV: also an empty field) is free.",
        HelpName = "FILE",
    };

    private static readonly Option<KnownSide?> Known = new("--known")
    {
        Description = "With --clamp and images: only this half of each row of FILE is known.", HelpName = "top|bottom|left|right",
    };

    private static readonly Option<string?> Npy = new("--npy")
    {
        Description = "Write the samples as a NumPy array too, float32 [N, features].", HelpName = "FILE",
    };

    public static Command Create()
    {
        var verb = new Verb(
            "sample", "Draw samples of a trained model with fresh chains.", Groups.Use,
            "./ebm sample two-moons-3f2a1c -n 1024 --out moons.png",
            "./ebm sample mnist-rbm-3f2a1c -n 64 --steps 2000 --seed 7 --npy samples.npy",
            "./ebm sample mnist-rbm-3f2a1c --clamp data/mnist/t10k-images-idx3-ubyte.gz --known top --out inpainted.png")
        {
            SharedOptions.Id, SharedOptions.Home, Count, Out, SharedOptions.Round, Steps, Seed, ClampFile, Known, Npy,
        };
        verb.Does(Sample);
        return verb;
    }

    private static async Task<ExitCode> Sample(ParseResult parsed)
    {
        var count = Within("-n", parsed.GetValue(Count), MostChains);
        var files = new RunFiles(parsed.GetValue(SharedOptions.Home)!);
        if (parsed.GetValue(Known) is not null && parsed.GetValue(ClampFile) is null)
        {
            throw new InputException("--known says which half of the rows of --clamp FILE is known; give --clamp FILE.");
        }

        using var open = await OpenModel.Open(files, parsed.GetValue(SharedOptions.Id)!, parsed.GetValue(SharedOptions.Round));
        var run = open.Model.Run;
        var steps = Within("--steps", parsed.GetValue(Steps) ?? CheckpointSampler.DefaultSteps(run.Spec.Sampler), 10_000_000);
        var known = parsed.GetValue(ClampFile) is not { } file ? null : await open.Lanes.Run(
            run.Id, _ => KnownRows.Read(run, file, count, parsed.GetValue(Known)));
        var sampler = new CheckpointSampler(open.Lanes);
        var states = await sampler.Draw(
            open.Model, new SampleRequest(count, steps, parsed.GetValue(Seed) ?? run.Spec.Seed, known));
        var path = parsed.GetValue(Out)!;
        AtomicFile.Write(Path.GetFullPath(path), await sampler.Picture(open.Model, states));
        Console.Error.WriteLine(Readable.Of(
            $"wrote {path}: {count} samples of {run.Id}, round {open.Model.Round}, {steps} steps each"));
        if (parsed.GetValue(Npy) is { } npy)
        {
            AtomicFile.Write(Path.GetFullPath(npy), NpyBytes.Of(states, count));
            Console.Error.WriteLine($"wrote {npy}");
        }

        return ExitCode.Succeeded;
    }

    private static int Within(string name, int value, int most) => value >= 1 && value <= most
        ? value
        : throw new InputException(Readable.Of($"{name}: expected a whole number from 1 to {most}, found {value}."));
}
