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
/// <c>evaluate ID</c>: computes the evaluation metrics of a model; with <c>--long-run</c>, the drift of long chains.
/// </summary>
internal static class EvaluateVerb
{
    private const int MaximumChains = 65536, MaximumSteps = 10_000_000;
    private const int DefaultSamples = 512, DefaultChains = 64, DefaultLongRun = 100_000;

    private static readonly Option<string?> Against = new("--against")
    {
        Description = "Score the rows of FILE (IDX, NPY or CSV, read like the run's data) as out of distribution.",
        HelpName = "FILE",
    };

    private static readonly Option<int?> LongRun = new("--long-run")
    {
        Description = "Run chains from data and from noise for STEPS transitions, and report their drift. "
            + "Default: 100000.",
        HelpName = "STEPS", Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<string?> State = new("--state")
    {
        Description = "With --long-run: store the chains in FILE, and continue from FILE if it exists.",
        HelpName = "FILE",
    };

    private static readonly Option<int?> Count = new("-n", "--count")
    {
        Description = "Draw N samples, one from each chain. Default: 512. With --long-run: run N chains from data and "
            + "N from noise. Default: 64.",
        HelpName = "N",
    };

    private static readonly Option<int?> Steps = new("--steps")
    {
        Description = "Run K transitions for each sample. Default: as `ebm sample`.", HelpName = "K",
    };

    private static readonly Option<ulong?> Seed = new("--seed")
    {
        Description = "Seed the chains with S. Default: the run's seed.", HelpName = "S",
    };

    private static readonly Option<string> Out = new("--out")
    {
        Description = "For images: write the samples and their nearest training rows to FILE.png.",
        HelpName = "FILE.png",
        DefaultValueFactory = _ => "neighbours.png",
    };

    private static readonly Option<LikelihoodChoice> Likelihood = SharedOptions.Choice(
        "--likelihood",
        "Bracket the log-likelihood by annealed importance sampling (AIS): auto (if log Z cannot be enumerated and the "
            + "units are discrete), ais (always), none.",
        LikelihoodChoice.Auto);

    private static readonly Option<int?> Chains = new("--chains")
    {
        Description = "Use N AIS chains in each direction. Default: evaluation.ais.chains of the spec.", HelpName = "N",
    };

    private static readonly Option<int?> Temperatures = new("--temperatures")
    {
        Description = "Use N temperatures, one step of each AIS chain at each. "
            + "Default: evaluation.ais.temperatures of the spec.",
        HelpName = "N",
    };

    private static readonly Option<int?> Sweeps = new("--sweeps")
    {
        Description = "Run N transitions at the model before the reverse AIS run. "
            + "Default: evaluation.ais.sweeps of the spec.",
        HelpName = "N",
    };

    public static Command Create()
    {
        var verb = new Verb(
            "evaluate", "Evaluate a trained model.", HelpGroups.Use,
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
        Reject(parsed, "without --long-run", State);
        var call = new EvaluateCall(
            parsed.GetValue(SharedOptions.Round), parsed.GetValue(Against),
            Within("-n", parsed.GetValue(Count) ?? DefaultSamples, 2, MaximumChains),
            parsed.GetValue(Steps) is { } steps ? Within("--steps", steps, 1, MaximumSteps) : null,
            parsed.GetValue(Seed));
        var likelihood = new LikelihoodRequest(
            parsed.GetValue(Likelihood), Within("--chains", parsed.GetValue(Chains), 4, MaximumChains),
            Within("--temperatures", parsed.GetValue(Temperatures), 25, MaximumSteps),
            Within("--sweeps", parsed.GetValue(Sweeps), 2, MaximumSteps));
        var isJson = SharedOptions.FormatOf(parsed) == OutputFormat.Json;
        await using var model = await ModelOptions.Open(parsed);
        var found = await model.Evaluate(call);
        var (bracket, code) = await Bracket(model, found, likelihood, isJson);
        IReadOnlyList<SectionReport> sections = bracket is null ? found.Sections : [.. found.Sections, bracket];
        var image = found.Picture.Length == 0 ? null : parsed.GetValue(Out);
        if (image is not null)
        {
            AtomicFile.Write(Path.GetFullPath(image), found.Picture);
        }

        if (isJson)
        {
            JsonOutput.Write("result", o =>
            {
                o["run"] = parsed.GetValue(SharedOptions.Id);
                o["round"] = found.Round;
                o["figures"] = Metrics(sections, metric => metric.Value);
                o["standardErrors"] = Metrics(sections, metric => metric.StandardError);
                o["notes"] = new JsonObject(sections.Select(s => KeyValuePair.Create(s.Name, (JsonNode?)s.Note)));
                o["picture"] = image;
                o["exitCode"] = (int)code;
            });
            return code;
        }

        TextTable.Write(["section", "metric", "value", "+-"], sections.SelectMany(Rows));
        foreach (var section in sections)
        {
            Console.Error.WriteLine($"{section.Name}: {section.Note}");
        }

        if (image is not null)
        {
            Console.Error.WriteLine(
                $"wrote {image}: samples, each above its nearest training row, in order of distance");
        }

        return code;
    }

    /// <summary>The AIS bracket, if requested; Ctrl-C cancels it.</summary>
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
        Reject(parsed, "with --long-run", Against, Likelihood, Chains, Temperatures, Sweeps, Steps, Out);
        var request = new LongRunRequest(
            parsed.GetValue(SharedOptions.Round), parsed.GetValue(Seed),
            Within("-n", parsed.GetValue(Count) ?? DefaultChains, 2, MaximumChains),
            Within("--long-run", parsed.GetValue(LongRun) ?? DefaultLongRun, 1, MaximumSteps),
            parsed.GetValue(State) is { } file ? Path.GetFullPath(file) : null);
        var isJson = SharedOptions.FormatOf(parsed) == OutputFormat.Json;
        await using var model = await ModelOptions.Open(parsed);
        using var signals = new StopSignals();
        var session = new LongRunSession(model, request, isJson ? new JsonLongRunView() : new TextLongRunView());
        signals.Arm(session.Stop);
        var ended = await session.Run();
        if (LongRunSession.HasDiverged(ended))
        {
            throw new EbmException(
                $"{ended.Rows[^1].NonFinite} of {2 * ended.Chains} chains are not finite "
                + $"at step {ended.Rows[^1].Step}. The sampler is unstable on this model.");
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
                    ? $"the same command continues from {kept}"
                    : "with --state FILE, the same command could continue"));
        }

        return code;
    }

    private static IEnumerable<IReadOnlyList<string>> Rows(SectionReport section) => section.Figures.Select(
        metric => (IReadOnlyList<string>)
        [
            section.Name, metric.Name, HumanFormat.Number(metric.Value),
            metric.StandardError is { } error ? HumanFormat.Number(error) : "",
        ]);

    private static JsonObject Metrics(IReadOnlyList<SectionReport> sections, Func<EvaluationMetric, double?> value) =>
        new(
            from metric in sections.SelectMany(s => s.Figures)
            let number = value(metric)
            where number is not null
            select KeyValuePair.Create(metric.Name, JsonOutput.Node(number.Value)));

    private static void Reject(ParseResult parsed, string context, params Option[] options)
    {
        if (options.FirstOrDefault(o => parsed.GetResult(o) is { Implicit: false }) is { } given)
        {
            throw new InputException($"{given.Name} has no effect {context}. Omit it.");
        }
    }

    private static int? Within(string name, int? value, int least, int most) =>
        value is { } given ? Within(name, given, least, most) : null;

    private static int Within(string name, int value, int least, int most) => value >= least && value <= most
        ? value
        : throw new InputException(HumanFormat.Of(
            $"{name}: expected an integer from {least} to {most}, found {value}."));
}
