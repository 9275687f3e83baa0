using System.Collections.Concurrent;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ebm.Core.Spec;

/// <summary>One field of a spec record, as reading, writing and the schema see it.</summary>
internal sealed record SpecField(PropertyInfo Property, object? Default)
{
    public string Name { get; } = JsonNamingPolicy.CamelCase.ConvertName(Property.Name);

    /// <summary>The type of a value that is given (int for int?).</summary>
    public Type Type { get; } = Nullable.GetUnderlyingType(Property.PropertyType) ?? Property.PropertyType;

    // By name: ScottPlot declares a public type of the same name, so typeof is ambiguous.
    public bool IsRequired { get; } =
        Property.CustomAttributes.Any(a => a.AttributeType.Name == "RequiredMemberAttribute");

    public bool IsNullable { get; } =
        new NullabilityInfoContext().Create(Property).WriteState == NullabilityState.Nullable;

    public string Description { get; } = Property.GetCustomAttribute<DescriptionAttribute>()?.Description ?? "";

    public BoundsAttribute? Bounds { get; } = Property.GetCustomAttribute<BoundsAttribute>();

    public LengthAttribute? Length { get; } = Property.GetCustomAttribute<LengthAttribute>();

    public string? Pattern { get; } = Property.GetCustomAttribute<RegularExpressionAttribute>()?.Pattern;

    public bool IsPath { get; } = Property.IsDefined(typeof(FilePathAttribute));
}

/// <summary>
/// The form of the spec, read off its records once: the records are the one definition that the YAML reader, the YAML
/// writer and the JSON Schema share.
/// </summary>
internal static class SpecShape
{
    /// <summary>The key that chooses between the records of a union.</summary>
    public const string Kind = "kind";

    private static readonly ConcurrentDictionary<Type, IReadOnlyList<SpecField>> KnownFields = new();

    /// <summary>The fields of a record, its own before those it shares with its union.</summary>
    public static IReadOnlyList<SpecField> Fields(Type record) => KnownFields.GetOrAdd(record, static type =>
    {
        // Reflection does not enforce required members, so this is the record with every default.
        var defaults = Activator.CreateInstance(type);
        return
        [
            .. type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
                .Where(p => p.CanWrite)
                .Select(p => new SpecField(p, p.GetValue(defaults))),
        ];
    });

    public static bool IsUnion(Type type) => type.IsAbstract && type.IsDefined(typeof(JsonPolymorphicAttribute), false);

    public static bool IsRecord(Type type) => type.IsClass && type != typeof(string) && !type.IsArray;

    /// <summary>The records of a union by their kind, in the order they are declared.</summary>
    public static IReadOnlyList<(string Kind, Type Record)> Kinds(Type union) =>
        [.. union.GetCustomAttributes<JsonDerivedTypeAttribute>(false)
            .Select(a => ((string)a.TypeDiscriminator!, a.DerivedType))];

    /// <summary>The kind of a record that belongs to a union; null for one that does not.</summary>
    public static string? KindOf(Type record)
    {
        // Records of a union may share a base below it.
        var union = record.BaseType;
        while (union is not null && !IsUnion(union))
        {
            union = union.BaseType;
        }

        return union is null ? null : Kinds(union).Single(k => k.Record == record).Kind;
    }

    /// <summary>The names of an enumeration's values, as they are written.</summary>
    public static IReadOnlyList<string> Names(Type enumeration) =>
        [.. Enum.GetNames(enumeration).Select(JsonNamingPolicy.KebabCaseLower.ConvertName)];

    public static string NameOf(object value) => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString()!);
}
