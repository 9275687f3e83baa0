using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Ebm.Core.Spec;

namespace Ebm.Core.Energies.Assemblies;

/// <summary>The options of a user's energy: an object of the class that its constructor takes.</summary>
internal static class EnergyOptions
{
    /// <summary>Reads the object: names in camelCase, enums in kebab-case, unknown members are errors.</summary>
    /// <param name="type">The class.</param>
    /// <param name="given">The mapping in the spec; without one all members have their defaults.</param>
    /// <exception cref="InputException">It does not fit the class; the message names the member.</exception>
    public static object Read(Type type, FreeMapping? given)
    {
        // Options of their own for each call: they hold the class, and so its assembly.
        var options = new JsonSerializerOptions
        {
            TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
            RespectNullableAnnotations = true,
            RespectRequiredConstructorParameters = true,
            AllowDuplicateProperties = false,
            Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false) },
        };
        var mapping = given ?? default;
        try
        {
            CheckMembers(type, mapping.ToElement(), options);
            return JsonSerializer.Deserialize(mapping.Json, type, options)
                ?? throw new InputException($"energy.options: {type.Name} has no value for an empty mapping.");
        }
        catch (JsonException e)
        {
            throw new InputException($"energy.options{e.Path?.TrimStart('$')}: {Reason(e)}", e);
        }
        catch (Exception e) when (e is not InputException)
        {
            throw new InputException($"energy.options: {type.Name} cannot be read from them: "
                + EnergyClass.Describe(e), e);
        }
    }

    private static void CheckMembers(Type type, JsonElement given, JsonSerializerOptions options)
    {
        var info = options.GetTypeInfo(type);
        if (info.Kind != JsonTypeInfoKind.Object)
        {
            return;
        }

        string[] names = [.. info.Properties.Where(p => p.Set is not null || p.AssociatedParameter is not null)
            .Select(p => p.Name)];
        foreach (var member in given.EnumerateObject().Where(m => !names.Contains(m.Name)))
        {
            throw new InputException($"energy.options.{Quote.Bare(member.Name)}: unknown key; "
                + (names.Length > 0 ? $"expected one of: {string.Join(", ", names)}" : $"{type.Name} has no members"));
        }

        foreach (var property in info.Properties)
        {
            var required = property.IsRequired
                || property.AssociatedParameter is { HasDefaultValue: false, IsMemberInitializer: false };
            if (required && !given.TryGetProperty(property.Name, out _))
            {
                throw new InputException(
                    $"energy.options.{property.Name}: missing; expected {Name(property.PropertyType)}");
            }
        }
    }

    // The text of System.Text.Json ends with a path and a line of the mapping, which is no file of the user's.
    private static string Reason(JsonException e) =>
        e.Message.Split(" Path:")[0].Split(" LineNumber:")[0].TrimEnd('.') + ".";

    private static string Name(Type type) => Nullable.GetUnderlyingType(type)?.Name ?? type.Name;
}
