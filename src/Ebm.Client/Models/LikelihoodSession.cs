using Ebm.Client.Output;
using Ebm.Contracts.Models;
using Ebm.Core;
using Ebm.Core.Likelihood;

namespace Ebm.Client.Models;

/// <summary>Whether to bracket the likelihood by annealed importance sampling (AIS).</summary>
internal enum LikelihoodChoice
{
    /// <summary>If log Z cannot be enumerated and the units are discrete.</summary>
    Auto,

    /// <summary>Always.</summary>
    Ais,

    /// <summary>Never.</summary>
    None,
}

/// <summary>The requested AIS bracket.</summary>
/// <param name="Choice">Whether to compute one.</param>
/// <param name="Chains">Chains in each direction; the spec's if null.</param>
/// <param name="Temperatures">Steps of each chain between base and model; the spec's if null.</param>
/// <param name="Sweeps">Transitions at the model; the spec's if null.</param>
internal sealed record LikelihoodRequest(LikelihoodChoice Choice, int? Chains, int? Temperatures, int? Sweeps);

/// <summary>Computes the AIS bracket of an evaluation, and shows its progress.</summary>
internal sealed class LikelihoodSession(
    ITrainedModel model, Models.Evaluation found, LikelihoodRequest request, bool isJson)
{
    private const string Name = "likelihood";

    private static readonly TimeSpan TerminalInterval = TimeSpan.FromSeconds(0.25);
    private static readonly TimeSpan PipeInterval = TimeSpan.FromSeconds(10);

    private readonly TimeProvider _time = TimeProvider.System;
    private readonly long _started = TimeProvider.System.GetTimestamp();
    private long _shown;

    /// <summary>Computes the section of the report; null if no bracket was requested.</summary>
    /// <exception cref="InputException">
    /// A bracket was requested for a model that has none, or the settings conflict.
    /// </exception>
    /// <exception cref="OperationCanceledException">The session was cancelled.</exception>
    public async Task<SectionReport?> Run(CancellationToken cancellationToken)
    {
        var suggestion = found.Annealing;
        var isRequested = request.Choice == LikelihoodChoice.Ais
            || (request.Chains ?? request.Temperatures ?? request.Sweeps) is not null;
        if (request.Choice == LikelihoodChoice.None || (!isRequested && !suggestion.IsUsual))
        {
            return null;
        }

        if (suggestion.Obstacle is { } obstacle)
        {
            throw new InputException($"log Z of this model cannot be estimated: {obstacle}. Omit --likelihood ais.");
        }

        var call = suggestion.Call with
        {
            Chains = request.Chains ?? suggestion.Call.Chains,
            Temperatures = request.Temperatures ?? suggestion.Call.Temperatures,
            Sweeps = request.Sweeps ?? suggestion.Call.Sweeps,
        };
        if (call.Chains % call.Copies != 0 || call.Chains < 2 * call.Copies)
        {
            throw new InputException(
                HumanFormat.Of($"--chains {call.Chains}: expected a multiple of {call.Copies}, ")
                + HumanFormat.Of($"at least {2 * call.Copies} ({call.Copies} is the spec's evaluation.ais.copies)."));
        }

        Print(HumanFormat.Of($"estimating log Z: {call.Chains} chains in each direction, ")
            + HumanFormat.Of($"{call.Temperatures} temperatures, {call.Sweeps} sweeps at the model; ")
            + "--likelihood none skips it");
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
        var energies = found.Sections.SelectMany(s => s.Figures)
            .Select(m => KeyValuePair.Create(m.Name, m.Value)).ToArray();
        return new SectionReport(
            Name,
            [.. LikelihoodMetrics.Of(bracket, energies).Select(m => new EvaluationMetric(m.Key, m.Value))],
            string.Join("; ", LikelihoodMetrics.InWords(bracket, energies)));
    }

    private void Print(string text)
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
            var interval = isJson || Console.IsErrorRedirected ? PipeInterval : TerminalInterval;
            if (_shown != 0 && _time.GetElapsedTime(_shown) < interval)
            {
                return;
            }

            _shown = _time.GetTimestamp();
        }

        var left = share > 0.01 ? _time.GetElapsedTime(_started).TotalSeconds * (1 - share) / share : double.NaN;
        if (isJson)
        {
            JsonOutput.Write("progress", o => (o["share"], o["secondsLeft"]) =
                (Math.Round(share, 4), JsonOutput.Node(Math.Round(left))));
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
