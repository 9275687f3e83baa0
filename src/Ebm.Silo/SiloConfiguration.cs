using Ebm.Core;
using Microsoft.Extensions.Configuration;

namespace Ebm.Silo;

/// <summary>
/// Reads a silo's settings. An unknown or invalid setting is an error: a silo does not start on a guess.
/// </summary>
internal static class SiloConfiguration
{
    private const string Prefix = "EBM_";

    // Variables of the console, which may share the silo's environment.
    private static readonly string[] ConsoleVariables = ["CLUSTER", "HOME", "TOKEN", "TOKEN_FILE"];

    private static readonly string[] Names = [.. typeof(SiloSettings).GetProperties().Select(p => p.Name)];

    /// <summary>Reads and checks the settings.</summary>
    /// <exception cref="InputException">
    /// A setting is unknown or invalid; the message names it and its source.
    /// </exception>
    public static SiloSettings Read(string[] flags)
    {
        var configuration = new ConfigurationBuilder()
            .AddJsonFile(Path.Combine(AppContext.BaseDirectory, "appsettings.json"), optional: true)
            .AddJsonFile(Path.Combine(Environment.CurrentDirectory, "appsettings.json"), optional: true)
            .AddInMemoryCollection(FromEnvironment())
            .AddInMemoryCollection(FromFlags(flags))
            .Build()
            .GetSection(SiloSettings.Section);
        foreach (var child in configuration.GetChildren())
        {
            if (!Names.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
            {
                throw new InputException(
                    $"appsettings.json: unknown setting {SiloSettings.Section}:{child.Key}. "
                    + $"Expected one of {string.Join(", ", Names)}.");
            }
        }

        try
        {
            var settings = configuration.Get<SiloSettings>() ?? new SiloSettings();
            SiloSettingsCheck.Check(settings);
            return settings;
        }
        catch (InvalidOperationException e)
        {
            throw new InputException($"a setting has a value of the wrong type: {e.Message}", e);
        }
    }

    private static Dictionary<string, string?> FromEnvironment()
    {
        var given = new Dictionary<string, string?>();
        foreach (System.Collections.DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            var name = (string)variable.Key;
            if (name.StartsWith(Prefix, StringComparison.Ordinal) && !ConsoleVariables.Contains(name[Prefix.Length..]))
            {
                var key = Key(name[Prefix.Length..].Replace("_", "", StringComparison.Ordinal), name);
                given[key] = (string?)variable.Value;
            }
        }

        return given;
    }

    private static Dictionary<string, string?> FromFlags(string[] flags)
    {
        var given = new Dictionary<string, string?>();
        for (var i = 0; i < flags.Length; i++)
        {
            var parts = flags[i].Split('=', 2);
            if (!parts[0].StartsWith("--", StringComparison.Ordinal))
            {
                throw new InputException($"'{flags[i]}' is not a flag. Expected --name VALUE.");
            }

            var key = Key(parts[0][2..].Replace("-", "", StringComparison.Ordinal), parts[0]);
            given[key] = parts.Length == 2 ? parts[1]
                : i + 1 < flags.Length ? flags[++i]
                : throw new InputException($"{parts[0]}: the value is missing. Expected {parts[0]} VALUE.");
        }

        return given;
    }

    private static string Key(string name, string asGiven) => Names.Contains(name, StringComparer.OrdinalIgnoreCase)
        ? $"{SiloSettings.Section}:{name}"
        : throw new InputException(
            $"{asGiven}: unknown setting of a silo. Expected one of {string.Join(", ", Names)} "
            + "(as a flag: --silo-port; as an environment variable: EBM_SILO_PORT).");
}
