using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Ebm.Silo;

/// <summary>A silo's log: standard error, one line a message. Standard output is for the supervisor.</summary>
internal static class SiloLogging
{
    public static void AddSiloLogging(this IServiceCollection services, LogLevel level)
    {
        services.Configure<ConsoleLoggerOptions>(o => o.LogToStandardErrorThreshold = LogLevel.Trace);
        services.AddLogging(logging =>
        {
            logging.SetMinimumLevel(level);
            logging.AddSimpleConsole(o => (o.SingleLine, o.TimestampFormat, o.UseUtcTimestamp, o.ColorBehavior) =
                (true, "yyyy-MM-dd HH:mm:ss.fff ", true, LoggerColorBehavior.Disabled));

            // Orleans logs many unimportant messages at the level of information.
            logging.AddFilter("Orleans", level > LogLevel.Warning ? level : LogLevel.Warning);
            logging.AddFilter("Polly", LogLevel.Warning);
            logging.AddFilter("Microsoft", level > LogLevel.Warning ? level : LogLevel.Warning);

            // The watchdog measures its first interval from the start of the machine, and warns of it.
            logging.AddFilter("Orleans.Runtime.Watchdog", LogLevel.Error);
        });
    }
}
