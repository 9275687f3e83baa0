using Ebm.Client.Output;
using Ebm.Contracts.Models;
using Ebm.Core;
using Ebm.Core.Likelihood;

namespace Ebm.Client.Models;

/// <summary>How the likelihood is wanted.</summary>
internal enum LikelihoodChoice
{
    /// <summary>Exactly where log Z can be enumerated; else a bracket where one is usual.</summary>
    Auto,

    /// <summary>A bracket in any case.</summary>
    Ais,

    /// <summary>No bracket.</summary>
    None,
}

/// <summary>Which bracket is wanted.</summary>
/// <param name="Choice">Whether one is.</param>
/// <param name="Chains">Chains in each direction; the spec's if null.</param>
/// <param name="Temperatures">Steps of each chain between base and model; the spec's if null.</param>
/// <param name="Sweeps">Transitions at the model; the spec's if null.</param>
internal sealed record LikelihoodRequest(LikelihoodChoice Choice, int? Chains, int? Temperatures, int? Sweeps);

/// <summary>The bracket of an evaluation: whether there is to be one, its progress, and what it says.</summary>
internal sealed class LikelihoodSession(
    ITrainedModel model, Models.Evaluation found, LikelihoodRequest request, bool isJson)
{
    private const string Name = "likelihood";

    private static readonly TimeSpan OnTerminal = TimeSpan.FromSeconds(0.25), InPipe = TimeSpan.FromSeconds(10);

    private readonly TimeProvider _time = TimeProvider.System;
    private readonly long _begun = TimeProvider.System.GetTimestamp();
    private long _shown;

    /// <summary>The section; null where none was wanted.</summary>
    /// <exception cref="InputException">It was asked for and is not to be had, or the settings do not go
    /// together.</exception>
    /// <exception cref="OperationCanceledException">It was given up.</exception>
    public async Task<SectionReport?> Run(CancellationToken cancellationToken)
    {
        var offer = found.Annealing;
        var isAsked = request.Choice == LikelihoodChoice.Ais
            || (request.Chains ?? request.Temperatures ?? request.Sweeps) is not null;
        if (request.Choice == LikelihoodChoice.None || (!isAsked && !offer.IsUsual))
        {
            return null;
        }

        if (offer.Obstacle is { } obstacle)
        {
            throw new InputException($"log Z of this model is not estimated: {obstacle}.");
        }

        var call = offer.Call with
        {
            Chains = request.Chains ?? offer.Call.Chains,
            Temperatures = request.Temperatures ?? offer.Call.Temperatures,
            Sweeps = request.Sweeps ?? offer.Call.Sweeps,
        };
        if (call.Chains % call.Copies != 0 || call.Chains < 2 * call.Copies)
        {
            throw new InputException(HumanFormat.Of(
                $"--chains: expected two or more groups of {call.Copies} chains (evaluation.ais.copies of the "
                    + $"spec), found {call.Chains}."));
        }

        Say(HumanFormat.Of(
            $"estimating log Z: {call.Chains} chains each way, {call.Temperatures} temperatures, {call.Sweeps} sweeps "
                + $"at the model; --likelihood none leaves it out"));
        try
        {
            var bracket = await model.Estimate(call, Show, cancellationToken);
            return Report(bracket);
        }
        finally
        {
            if (!isJson && !Console.IsErrorRedirected)
            {
                Console.Error.Write("\r\e[K");
            }
        }
    }

    private SectionReport Report(LogZBracket bracket)
    {
        var energies = found.Sections.SelectMany(s => s.Figures).Select(f => KeyValuePair.Create(f.Name, f.Value))
            .ToArray();
        return new SectionReport(
            Name,
            [.. LikelihoodMetrics.Of(bracket, energies).Select(f => new EvaluationMetric(f.Key, f.Value))],
            string.Join("; ", LikelihoodMetrics.InWords(bracket, energies)));
    }

    private void Say(string text)
    {
        if (!isJson)
        {
            Console.Error.WriteLine(text);
        }
    }

    private void Show(double share)
    {
        lock (this)
        {
            if (_shown != 0 && _time.GetElapsedTime(_shown) < (isJson
                || Console.IsErrorRedirected ? InPipe : OnTerminal))
            {
                return;
            }

            _shown = _time.GetTimestamp();
        }

        var left = share > 0.01 ? _time.GetElapsedTime(_begun).TotalSeconds * (1 - share) / share : double.NaN;
        if (isJson)
        {
            JsonOutput.Write("progress", o => (o["share"], o["secondsLeft"]) = (Math.Round(share, 4),
                JsonOutput.Node(Math.Round(left))));
            return;
        }

        var text = HumanFormat.Of($"log Z: {100 * share:0.0} %  ETA {HumanFormat.Span(left)}");
        if (Console.IsErrorRedirected)
        {
            Console.Error.WriteLine(text);
        }
        else
        {
            Console.Error.Write($"\r\e[K{text}");
        }
    }
}
