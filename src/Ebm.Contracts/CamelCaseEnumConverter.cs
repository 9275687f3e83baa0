using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ebm.Contracts;

/// <summary>Writes an enumeration's names in camelCase, as all names in JSON.</summary>
internal sealed class CamelCaseEnumConverter<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.CamelCase)
    where T : struct, Enum;
