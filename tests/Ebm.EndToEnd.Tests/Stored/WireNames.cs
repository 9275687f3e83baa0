using System.Reflection;
using System.Text.RegularExpressions;
using Orleans.Placement;

namespace Ebm.EndToEnd.Tests.Stored;

/// <summary>
/// The names that silos of two versions, a client of another one, and a stored record know the same thing by: aliases
/// of messages with the numbers of their members, of grains' methods, types of grains, placements.
/// </summary>
internal static partial class WireNames
{
    private static readonly Type[] Types =
    [
        .. Directory.GetFiles(AppContext.BaseDirectory, "Ebm.*.dll")
            .SelectMany(file => Assembly.Load(AssemblyName.GetAssemblyName(file)).GetTypes()),
    ];

    /// <summary>Types that another type stands for on the wire.</summary>
    private static readonly Dictionary<Type, Type> Surrogates = Types
        .SelectMany(type => type.GetInterfaces())
        .Where(type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IConverter<,>))
        .Select(type => type.GetGenericArguments()).DistinctBy(types => types[0])
        .ToDictionary(types => types[0], types => types[1]);

    /// <summary>All names of this version, in order.</summary>
    public static IReadOnlyList<string> Read() => [.. Types.SelectMany(Of).Order(StringComparer.Ordinal)];

    private static IEnumerable<string> Of(Type type) => type switch
    {
        { IsInterface: true } when Alias(type) is { } grain => type.GetMethods().Select(method =>
            $"method {grain}.{Alias(method)}({Names(method.GetParameters().Select(p => p.ParameterType))})"),
        { IsAbstract: false } when type.IsAssignableTo(typeof(Grain)) => [$"grain {GrainType(type)}"],
        { IsAbstract: false } when type.IsAssignableTo(typeof(PlacementStrategy))
            || type.IsAssignableTo(typeof(PlacementFilterStrategy)) => [$"placement {type.Name}"],
        _ when Alias(type) is { } message => Members(type).Prepend("").Select(member => $"message {message}{member}"),
        _ => [],
    };

    private static IEnumerable<string> Members(Type type) =>
        from member in type.GetMembers(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
        let id = member.GetCustomAttribute<IdAttribute>()?.Id
        where id is not null
        select $" {id} {Name(member is PropertyInfo property ? property.PropertyType : ((FieldInfo)member).FieldType)}";

    private static string Name(Type type) => type switch
    {
        _ when Alias(Surrogates.GetValueOrDefault(type, type)) is { } alias => alias,
        { IsEnum: true } => "enum",
        { IsArray: true } => Name(type.GetElementType()!) + "[]",
        { IsGenericType: true } =>
            $"{type.Name.Split('`')[0]}<{Names(type.GetGenericArguments())}>",
        _ => type.Name,
    };

    private static string Names(IEnumerable<Type> types) => string.Join(", ", types.Select(Name));

    private static string? Alias(MemberInfo member) => member.GetCustomAttribute<AliasAttribute>()?.Alias;

    /// <summary>The name that Orleans gives the type of a grain; keys of its state in Redis contain it.</summary>
    private static string GrainType(Type type) => type.GetCustomAttribute<GrainTypeAttribute>() is { } given
        ? given.GetGrainType(null!, type).ToString()!
        : Suffix().Replace(type.Name, "").ToLowerInvariant();

    [GeneratedRegex("Grain$")]
    private static partial Regex Suffix();
}
