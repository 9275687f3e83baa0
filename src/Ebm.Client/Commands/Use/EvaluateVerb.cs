using System.CommandLine;
using System.Text.Json.Nodes;
using Ebm.Client.Models;
using Ebm.Client.Models.LongRuns;
using Ebm.Client.Output;
using Ebm.Client.Runs;
using Ebm.Contracts.Models;
using Ebm.Core;
using Ebm.Grains.Stores;

namespace Ebm.Client.Commands.Use;

/// <summary>
/// <c>evaluate ID</c>: what a model is worth, in figures; with <c>--long-run</c>, whether it is where its chains end.
/// </summary>
internal static class EvaluateVerb
{
    private const int MostChains = 65536, MostSteps = 10_000_000, DefaultSamples = 512, DefaultChains = 64,
        DefaultLongRun = 100_000;

    private static readonly Option<string?> Against = new("--against")
    {
        Description = "Rows of another kind (IDX, NPY or CSV, read in the way the run's data is): "
            + "does the energy tell them from the data?",
        HelpName = "FILE",
    };

    private static readonly Option<int?> LongRun = new("--long-run")
    {
        Description = "Instead, continue chains from data and from noise for so many steps (100000 if not "
            + "given) and watch them drift.",
        HelpName = "STEPS", Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<string?> State = new("--state")
    {
        Description = "With --long-run: keep the chains in this file, and go on from it where it is there.",
        HelpName = "FILE",
    };

    private static readonly Option<int?> Count = new("-n", "--count")
    {
        Description = "Samples, one of each fresh chain; 512 if not given. With --long-run chains of either kind; "
            + "64 if not given.",
        HelpName = "N",
    };

    private static readonly Option<int?> Steps = new("--steps")
    {
        Description = "Transitions of each sample; those of `ebm sample` if not given.", HelpName = "K",
    };

    private static readonly Option<ulong?> Seed = new("--seed")
    {
        Description = "Seed of the chains; the run's if not given.", HelpName = "S",
    };

    private static readonly Option<string> Out = new("--out")
    {
        Description = "The picture of samples and their nearest training rows, where rows are images.",
        HelpName = "FILE.png",
        DefaultValueFactory = _ => "neighbours.png",
    };

    private static readonly Option<LikelihoodChoice> Likelihood = new("--likelihood")
    {
        Description = "A bracket of the log-likelihood by annealed importance sampling: "
            + "auto, where log Z cannot be enumerated and the units are discrete; ais; none.",
        DefaultValueFactory = _ => LikelihoodChoice.Auto,
    };

    private static readonly Option<int?> Chains = new("--chains")
    {
        Description = "Chains of the bracket, in each direction; evaluation.ais.chains of the spec if not given.",
        HelpName = "N",
    };

    private static readonly Option<int?> Temperatures = new("--temperatures")
    {
        Description = "Temperatures of the bracket: steps of each chain; evaluation.ais.temperatures if not given.",
        HelpName = "N",
    };

    private static readonly Option<int?> Sweeps = new("--sweeps")
    {
        Description = "Transitions of the bracket's chains at the model, before they walk back; "
            + "evaluation.ais.sweeps if not given.",
        HelpName = "N",
    };

    public static Command Create()
    {
        var verb = new Verb(
            "evaluate", "Say in figures what a model is worth.", HelpGroups.Use,
            "./ebm evaluate mnist-conv-3f2a1c --against data/fashion-mnist/t10k-images-idx3-ubyte.gz",
            "./ebm evaluate mnist-rbm-3f2a1c -n 1000 --steps 5000 --output json",
            "./ebm evaluate mnist-rbm-3f2a1c --chains 512 --temperatures 30000",
            "./ebm evaluate mnist-conv-3f2a1c --long-run 100000 --state long.safetensors",
            "./ebm evaluate mnist-rbm-3f2a1c --cluster redis://localhost:6379")
        {
            Against, Likelihood, Chains, Temperatures, Sweeps, LongRun, State, Count, Steps, Seed, Out,
            SharedOptions.Output,
        };
        ModelOptions.AddTo(verb);
        verb.Does(parsed => parsed.GetResult(LongRun) is null ? Evaluate(parsed) : Continue(parsed));
        return verb;
    }

    private static async Task<ExitCode> Evaluate(ParseResult parsed)
    {
        Refuse(parsed, "without --long-run", State);
        var call = new EvaluateCall(
            parsed.GetValue(SharedOptions.Round), parsed.GetValue(Against),
            Within("-n", parsed.GetValue(Count) ?? DefaultSamples, 2, MostChains),
            parsed.GetValue(Steps) is { } steps ? Within("--steps", steps, 1, MostSteps) : null,
            parsed.GetValue(Seed));
        var likelihood = new LikelihoodRequest(
            parsed.GetValue(Likelihood), Within("--chains", parsed.GetValue(Chains), 4, MostChains),
            Within("--temperatures", parsed.GetValue(Temperatures), 25, MostSteps),
            Within("--sweeps", parsed.GetValue(Sweeps), 2, MostSteps));
        var isJson = SharedOptions.FormatOf(parsed) == OutputFormat.Json;
        await using var model = await ModelOptions.Open(parsed);
        var found = await model.Evaluate(call);
        var (bracket, code) = await Bracket(model, found, likelihood, isJson);
        IReadOnlyList<SectionReport> sections = bracket is null ? found.Sections : [.. found.Sections, bracket];
        var picture = found.Picture.Length == 0 ? null : parsed.GetValue(Out);
        if (picture is not null)
        {
            AtomicFile.Write(Path.GetFullPath(picture), found.Picture);
        }

        if (isJson)
        {
            JsonOutput.Write("result", o =>
            {
                o["run"] = parsed.GetValue(SharedOptions.Id);
                o["round"] = found.Round;
                o["figures"] = Figures(sections, figure => figure.Value);
                o["standardErrors"] = Figures(sections, figure => figure.StandardError);
                o["notes"] = new JsonObject(sections.Select(s => KeyValuePair.Create(s.Name, (JsonNode?)s.Note)));
                o["picture"] = picture;
                o["exitCode"] = (int)code;
            });
            return code;
        }

        TextTable.Write(["section", "figure", "value", "+-"], sections.SelectMany(Rows));
        foreach (var section in sections)
        {
            Console.Error.WriteLine($"{section.Name}: {section.Note}");
        }

        if (picture is not null)
        {
            Console.Error.WriteLine($"wrote {picture}: samples, and under each the training row nearest "
                + "to it, the nearest first");
        }

        return code;
    }

    /// <summary>The bracket, if there is to be one; Ctrl-C leaves it out.</summary>
    private static async Task<(SectionReport? Section, ExitCode Code)> Bracket(
        ITrainedModel model, Models.Evaluation found, LikelihoodRequest request, bool isJson)
    {
        using var signals = new StopSignals();
        using var stop = new CancellationTokenSource();
        signals.Arm(stop.Cancel);
        try
        {
            return (await new LikelihoodSession(model, found, request, isJson).Run(stop.Token), ExitCode.Succeeded);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return (null, ExitCode.Stopped);
        }
    }

    private static async Task<ExitCode> Continue(ParseResult parsed)
    {
        Refuse(parsed, "with --long-run", Against, Likelihood, Chains, Temperatures, Sweeps, Steps, Out);
        var request = new LongRunRequest(
            parsed.GetValue(SharedOptions.Round), parsed.GetValue(Seed),
            Within("-n", parsed.GetValue(Count) ?? DefaultChains, 2, MostChains),
            Within("--long-run", parsed.GetValue(LongRun) ?? DefaultLongRun, 1, MostSteps),
            parsed.GetValue(State) is { } file ? Path.GetFullPath(file) : null);
        var isJson = SharedOptions.FormatOf(parsed) == OutputFormat.Json;
        await using var model = await ModelOptions.Open(parsed);
        using var signals = new StopSignals();
        var session = new LongRunSession(model, request, isJson ? new JsonLongRunView() : new TextLongRunView());
        signals.Arm(session.Stop);
        var ended = await session.Run();
        if (LongRunSession.HasRunAway(ended))
        {
            throw new EbmException(
                $"{ended.Rows[^1].NonFinite} of {2 * ended.Chains} chains left the finite numbers by step "
                    + $"{ended.Rows[^1].Step}: the sampler is not stable on this model.");
        }

        var code = ended.Steps < request.Steps ? ExitCode.Stopped : ExitCode.Succeeded;
        if (isJson)
        {
            JsonOutput.Write("result", o =>
            {
                o["run"] = parsed.GetValue(SharedOptions.Id);
                o["round"] = ended.Round;
                o["steps"] = ended.Steps;
                o["exitCode"] = (int)code;
            });
        }
        else if (code == ExitCode.Stopped)
        {
            Console.Error.WriteLine(HumanFormat.Of($"stopped after {ended.Steps} of {request.Steps} steps; ")
                + (request.StateFile is { } kept
                ? $"the same command goes on from {kept}"
                : "with --state FILE it could go on"));
        }

        return code;
    }

    private static IEnumerable<IReadOnlyList<string>> Rows(SectionReport section) => section.Figures.Select(
        figure => (IReadOnlyList<string>)
        [
            section.Name, figure.Name, HumanFormat.Figure(figure.Value),
            figure.StandardError is { } error ? HumanFormat.Figure(error) : "",
        ]);

    private static JsonObject Figures(IReadOnlyList<SectionReport> sections, Func<EvaluationMetric, double?> value) =>
        new(
        from figure in sections.SelectMany(s => s.Figures)
        let number = value(figure)
        where number is not null
        select KeyValuePair.Create(figure.Name, JsonOutput.Node(number.Value)));

    private static void Refuse(ParseResult parsed, string when, params Option[] options)
    {
        if (options.FirstOrDefault(o => parsed.GetResult(o) is { Implicit: false }) is { } given)
        {
            throw new InputException($"{given.Name} has no meaning {when}; leave it out.");
        }
    }

    private static int? Within(string name, int? value, int least, int most) =>
        value is { } given ? Within(name, given, least, most) : null;

    private static int Within(string name, int value, int least, int most) => value >= least && value <= most
        ? value
        : throw new InputException(HumanFormat.Of(
            $"{name}: expected a whole number from {least} to {most}, found {value}."));
}
