using System.Collections.Concurrent;
using System.Reflection;
using Ebm.Contracts.Access;
using Ebm.Grains.Telemetry;
using Microsoft.Extensions.Logging;

namespace Ebm.Silo.Access;

/// <summary>
/// Authorises calls to a silo's grains. Silos may call all methods; a mark that is derived from the cluster's keys
/// authenticates them. Clients with a token may call the methods that <see cref="OpenToAttribute"/> opens to their
/// role. All other calls are denied. The sender's address in a message is ignored, because clients can forge it.
/// </summary>
internal sealed partial class AccessFilter(
    AccessKeys keys, AccessTokens tokens, SiloMetrics metrics, ILogger<AccessFilter> logger) : IIncomingGrainCallFilter
{
    // The manifest of grain types, without which a client cannot connect and receive a denial; and the ticks of grains'
    // timers, which carry no credentials.
    private static readonly string[] Exempt = ["IClusterManifestSystemTarget", "IGrainTimerInvoker"];

    private readonly ConcurrentDictionary<MethodInfo, Role?> _roles = new();

    /// <inheritdoc/>
    public async Task Invoke(IIncomingGrainCallContext context)
    {
        if (!keys.Current.IsSilo(RequestContext.Get(CallerContext.Silo) as byte[])
            && await Authorise(context) is var (reason, message))
        {
            metrics.Refused(reason);
            LogDenied(context.InterfaceName, context.MethodName, context.SourceId?.ToString(), reason);
            throw new AccessDeniedException(message);
        }

        // Subsequent calls carry the silo's credential.
        RequestContext.Remove(CallerContext.Token);
        await context.Invoke();
    }

    /// <summary>Returns why a call is denied, or null if it is allowed.</summary>
    private async Task<(string Reason, string Message)?> Authorise(IIncomingGrainCallContext context)
    {
        var method = context.InterfaceMethod;
        if (Exempt.Contains(method.DeclaringType?.Name))
        {
            return null;
        }

        var token = RequestContext.Get(CallerContext.Token) as string is { } text
            ? await tokens.Read(text)
            : (AccessToken?)null;
        var needed = _roles.GetOrAdd(method, static m => m.GetCustomAttribute<OpenToAttribute>()?.Role);
        return (token, needed) switch
        {
            (null, _) => ("no_token", "the cluster requires a token. Set EBM_TOKEN or EBM_TOKEN_FILE."),
            ({ Problem: "expired" and var problem } expired, _) =>
                (problem, $"the token of '{expired.Name}' expired at {expired.Expires:u}. Request a new one."),
            ({ Problem: { } problem }, _) =>
                (problem, "the token is not valid for this cluster. Check EBM_TOKEN or EBM_TOKEN_FILE."),
            (_, null) => ("role", $"{context.MethodName} is for silos only."),
            ({ } known, { } least) when known.Role < least =>
                ("role", $"'{known.Name}' has the role {Name(known.Role)}; this needs {Name(least)}."),
            _ => null,
        };
    }

    private static string Name(Role role) => role.ToString().ToLowerInvariant();

    [LoggerMessage(80, LogLevel.Warning, "Denied {Interface}.{Method} from {Source}: {Reason}")]
    private partial void LogDenied(string @interface, string method, string? source, string reason);
}

/// <summary>Attaches the silo's mark to its outgoing calls.</summary>
internal sealed class SiloCredential(AccessKeys keys) : IOutgoingGrainCallFilter
{
    /// <inheritdoc/>
    public Task Invoke(IOutgoingGrainCallContext context)
    {
        RequestContext.Set(CallerContext.Silo, keys.Current.Mark);
        return context.Invoke();
    }
}
