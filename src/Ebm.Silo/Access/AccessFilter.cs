using System.Collections.Concurrent;
using System.Reflection;
using Ebm.Contracts.Access;
using Ebm.Grains.Telemetry;
using Microsoft.Extensions.Logging;

namespace Ebm.Silo.Access;

/// <summary>
/// Who may call a silo's grains: other silos, which show a mark that only holders of the cluster's keys can make; and
/// clients with a token, what
/// <see cref="OpenToAttribute"/> opens to their role. Everything else is refused. Whom a message says it is from plays
/// no part: a client could say anything.
/// </summary>
internal sealed partial class AccessFilter(
    AccessKeys keys, AccessTokens tokens, SiloMetrics metrics, ILogger<AccessFilter> logger)
    : IIncomingGrainCallFilter
{
    // What there is to call, without which a client cannot even be told that it may not; and the ticks of grains' own
    // timers, which bring nothing with them.
    private static readonly string[] Free = ["IClusterManifestSystemTarget", "IGrainTimerInvoker"];

    private readonly ConcurrentDictionary<MethodInfo, Role?> _roles = new();

    /// <inheritdoc/>
    public async Task Invoke(IIncomingGrainCallContext context)
    {
        if (!keys.Current.IsSilo(RequestContext.Get(CallerContext.Silo) as byte[])
            && await Problem(context) is var (reason, message))
        {
            metrics.Refused(reason);
            LogRefused(context.InterfaceName, context.MethodName, context.SourceId?.ToString(), reason);
            throw new AccessDeniedException(message);
        }

        // Calls that follow from this one are this silo's.
        RequestContext.Remove(CallerContext.Token);
        await context.Invoke();
    }

    private async Task<(string Reason, string Message)?> Problem(IIncomingGrainCallContext context)
    {
        var method = context.InterfaceMethod;
        if (Free.Contains(method.DeclaringType?.Name))
        {
            return null;
        }

        var token = RequestContext.Get(CallerContext.Token) as string is { } text
            ? await tokens.Read(text)
            : (AccessToken?)null;
        var needed = _roles.GetOrAdd(method, static m => m.GetCustomAttribute<OpenToAttribute>()?.Role);
        return (token, needed) switch
        {
            (null, _) =>
                ("no_token", "the cluster wants a token, and none was given: set EBM_TOKEN or EBM_TOKEN_FILE."),
            ({ Problem: "expired" and var problem } expired, _) =>
                (problem, $"the token of '{expired.Name}' has expired ({expired.Expires:u}); ask for a new one."),
            ({ Problem: { } problem }, _) =>
                (problem, "the token is none of this cluster: check EBM_TOKEN or EBM_TOKEN_FILE."),
            (_, null) => ("role", $"{context.MethodName} is for silos alone."),
            ({ } known, { } least) when known.Role < least =>
                ("role", $"'{known.Name}' has the role {Name(known.Role)}; this needs {Name(least)}."),
            _ => null,
        };
    }

    private static string Name(Role role) => role.ToString().ToLowerInvariant();

    [LoggerMessage(80, LogLevel.Warning, "Refused {Interface}.{Method} from {Source}: {Reason}")]
    private partial void LogRefused(string @interface, string method, string? source, string reason);
}

/// <summary>Puts the silo's mark on the calls that it makes.</summary>
internal sealed class SiloCredential(AccessKeys keys) : IOutgoingGrainCallFilter
{
    /// <inheritdoc/>
    public Task Invoke(IOutgoingGrainCallContext context)
    {
        RequestContext.Set(CallerContext.Silo, keys.Current.Mark);
        return context.Invoke();
    }
}
