using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Ebm.Silo;

/// <summary>
/// Where a silo's log goes: to standard error, a line a message; standard output belongs to a supervisor.
/// </summary>
internal static class SiloLogging
{
    public static void AddSiloLogging(this IServiceCollection services, LogLevel level) =>
        services.AddLogging(logging =>
    {
        logging.SetMinimumLevel(level);
        logging.AddSimpleConsole(o => (o.SingleLine, o.TimestampFormat, o.UseUtcTimestamp, o.ColorBehavior) =
            (true, "yyyy-MM-dd HH:mm:ss.fff ", true, LoggerColorBehavior.Disabled));
        services.Configure<ConsoleLoggerOptions>(o => o.LogToStandardErrorThreshold = LogLevel.Trace);

        // Orleans tells much of little at the level of information.
        logging.AddFilter("Orleans", level > LogLevel.Warning ? level : LogLevel.Warning);
        logging.AddFilter("Polly", LogLevel.Warning);
        logging.AddFilter("Microsoft", level > LogLevel.Warning ? level : LogLevel.Warning);

        // Counts its first interval from the machine's start.
        logging.AddFilter("Orleans.Runtime.Watchdog", LogLevel.Error);
    });
}
