using Ebm.Contracts.Likelihood;
using Ebm.Core;
using Ebm.Core.Likelihood;
using Ebm.Core.Spec;

namespace Ebm.Grains.Models.Likelihood;

/// <summary>
/// A whole estimate of log Z: the pilot, then all blocks in both directions side by side. A function of the checkpoint
/// and the call, independent of the workers.
/// </summary>
/// <param name="workers">Who does them.</param>
internal sealed class LikelihoodEstimate(IAnnealWorkers workers)
{
    /// <summary>The call that the parts of an estimate have in common.</summary>
    public static AnnealCall CallOf(AisSpec settings, ulong seed, int attempt, long round) => new()
    {
        Attempt = attempt,
        Round = round,
        Seed = seed,
        Chains = settings.Chains,
        Temperatures = settings.Temperatures,
        Sweeps = settings.Sweeps,
        Copies = settings.Copies,
    };

    /// <summary>Estimates.</summary>
    /// <param name="call">Which estimate.</param>
    /// <param name="progress">Told now and then which share of the work is done.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <exception cref="EbmException">The model's energies are not finite where chains go.</exception>
    public async Task<LogZBracket> Run(AnnealCall call, Action<double> progress, CancellationToken cancellationToken)
    {
        using var working = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var request = AnnealWorker.RequestOf(call);
        var shares = new double[1 + (2 * request.Blocks)];
        var pilot = await Part(call with { Part = AnnealPart.Pilot }, 0);
        var blocks = Enumerable.Range(0, request.Blocks).ToArray();
        var rest = call with { Pilot = pilot.Pilot };
        Task<AnnealReply>[] forward =
            [.. blocks.Select(b => Part(rest with { Part = AnnealPart.Forward, Block = b }, 1 + b))];
        Task<AnnealReply>[] back =
            [.. blocks.Select(b => Part(rest with { Part = AnnealPart.Back, Block = b }, 1 + request.Blocks + b))];
        var (to, from) = (await Task.WhenAll(forward), await Task.WhenAll(back));
        return AnnealedLikelihood.Bracket(
            request, pilot.BaseLogZ, pilot.Method, to.Select(r => r.LogWeights), from.Select(r => r.LogWeights),
            [.. from.Select(r => r.Traces)]);

        async Task<AnnealReply> Part(AnnealCall part, int number)
        {
            var reply = await workers.Do(
                part, number, (done, total) => Tell(number, done / (double)total), working.Token);
            Tell(number, 1);
            if (reply.Problem is { } problem)
            {
                // What the other parts still do is of no use any more.
                await working.CancelAsync();
                throw new EbmException(problem);
            }

            return reply;
        }

        void Tell(int number, double share)
        {
            shares[number] = share;
            progress(shares.Average());
        }
    }
}
