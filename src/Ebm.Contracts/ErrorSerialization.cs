using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace Ebm.Contracts;

/// <summary>How errors cross a process boundary.</summary>
internal static class ErrorSerialization
{
    /// <summary>
    /// Lets the system's own exceptions arrive as what they are, with their messages; of types that a process does not
    /// allow, only a stand-in arrives. For silos and clients.
    /// </summary>
    public static IServiceCollection AddErrorSerialization(this IServiceCollection services) =>
        services.Configure<ExceptionSerializationOptions>(o => o.SupportedNamespacePrefixes.Add("Ebm"));
}
