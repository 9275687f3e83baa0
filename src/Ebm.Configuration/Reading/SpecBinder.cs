using System.Text.RegularExpressions;
using Ebm.Configuration.Rules;
using Ebm.Core;
using Ebm.Core.Spec;

namespace Ebm.Configuration.Reading;

/// <summary>
/// Fills the spec's records from a tree. Goes on after a problem, so that a user sees all of them at once.
/// </summary>
/// <param name="folder">Folder that relative file names start at.</param>
/// <param name="problems">Where problems are added.</param>
internal sealed class SpecBinder(string folder, List<SpecProblem> problems)
{
    private static readonly TimeSpan PatternTime = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, SpecPlace> _places = new(StringComparer.Ordinal);

    /// <summary>The value of a type, or null where there is none to be had; the problems say why.</summary>
    public object? Bind(Type type, SpecNode node, string path)
    {
        _places.TryAdd(path, node.Place);
        return SpecShape.IsUnion(type) ? Union(type, node, path)
            : SpecShape.IsRecord(type)
                ? node is SpecMap map ? Record(type, map, path, kind: null)
                : Mistyped(node, path, "a mapping")
            : type.IsArray ? Items(type.GetElementType()!, node, path)
            : Scalar(type, node, path);
    }

    /// <summary>Where a field is written, or else the nearest mapping that it would stand in.</summary>
    public SpecPlace PlaceOf(string path) =>
        _places.TryGetValue(path, out var place) ? place : PlaceOf(ParentOf(path));

    /// <summary>The path of the mapping that a field stands in.</summary>
    public static string ParentOf(string path) => path[..Math.Max(0, path.LastIndexOf('.'))];

    private object? Union(Type union, SpecNode node, string path)
    {
        var kinds = SpecShape.Kinds(union);
        var names = kinds.Select(k => k.Kind).ToArray();
        var among = $"expected one of: {string.Join(", ", names)}";
        if (node is not SpecMap map)
        {
            return Mistyped(node, path, $"a mapping such as {{kind: {names[0]}}}");
        }

        var kind = map.Entries.FirstOrDefault(e => e.Key.Text == SpecShape.Kind).Value;
        var at = Join(path, SpecShape.Kind);
        if (kind is null)
        {
            return Problem(PlaceOf(path), at, $"missing; {among}");
        }

        if (kind is not SpecScalar { IsNull: false } named)
        {
            return Mistyped(kind, at, among["expected ".Length..]);
        }

        var (name, record) = kinds.FirstOrDefault(k => k.Kind == named.Text);
        return record is null
            ? Problem(kind.Place, at, "unknown kind "
                + $"{Quote.Text(named.Text)}{NearestName.Hint(named.Text, names)} {among}")
            : Record(record, map, path, name);
    }

    private object? Record(Type type, SpecMap map, string path, string? kind)
    {
        var fields = SpecShape.Fields(type);
        var record = Activator.CreateInstance(type)!;
        var missing = fields.Where(f => f.IsRequired).ToList();
        var whole = true;
        foreach (var (key, node) in map.Entries)
        {
            var at = Join(path, Quote.Bare(key.Text));
            if (kind is not null && key.Text == SpecShape.Kind)
            {
                continue;
            }

            if (fields.FirstOrDefault(f => f.Name == key.Text) is not { } field)
            {
                Problem(key.Place, at, Unknown(type, key.Text, kind));
                continue;
            }

            _places[at] = key.Place;
            if (node.IsNull && (field.IsNullable || node.Place.IsOverride))
            {
                continue;
            }

            missing.Remove(field);
            if (Bind(field.Type, node, at) is { } value)
            {
                Check(field, value, node, at);
                field.Property.SetValue(record, field.IsPath ? FileName((string)value, node, at) : value);
            }
            else
            {
                whole &= field.Property.GetValue(record) is not null || field.IsNullable;
            }
        }

        foreach (var field in missing)
        {
            Problem(PlaceOf(path), Join(path, field.Name), $"missing; {Lower(field.Description)}");
        }

        return whole && missing.All(f => f.Type.IsValueType) ? record : null;
    }

    private static string Unknown(Type record, string key, string? kind)
    {
        var others = kind is null ? [] : SpecShape.Kinds(record.BaseType!)
            .Where(k => k.Kind != kind && SpecShape.Fields(k.Record).Any(f => f.Name == key))
            .Select(k => k.Kind).ToArray();
        string[] names = [.. kind is null ? Array.Empty<string>() : [SpecShape.Kind],
            .. SpecShape.Fields(record).Select(f => f.Name)];
        var expected = $"expected one of: {string.Join(", ", names)}";
        return others.Length > 0
            ? $"not a key of kind {kind} (it is one of {string.Join(", ", others)}); {expected}"
            : $"unknown key{NearestName.Hint(key, names)} {expected}";
    }

    private Array? Items(Type element, SpecNode node, string path)
    {
        if (node is not SpecList list)
        {
            Mistyped(node, path, $"a list such as [{(element == typeof(int) ? "128, 64" : "0, 1")}]");
            return null;
        }

        var values = Array.CreateInstance(element, list.Items.Count);
        var whole = true;
        for (var i = 0; i < values.Length; i++)
        {
            if (Bind(element, list.Items[i], $"{path}[{i}]") is { } value)
            {
                values.SetValue(value, i);
            }
            else
            {
                whole = false;
            }
        }

        return whole ? values : null;
    }

    private object? Scalar(Type type, SpecNode node, string path)
    {
        var expected = SpecScalars.Expected(type);
        if (node is not SpecScalar { IsNull: false } scalar)
        {
            return Mistyped(node, path, expected);
        }

        return SpecScalars.Read(type, scalar) ?? Mistyped(scalar, path, expected, type.IsEnum
            ? NearestName.Of(scalar.Text, SpecShape.Names(type))
            : type == typeof(bool) ? Truth(scalar.Text) : null);
    }

    // What YAML 1.1 took for a truth value and 1.2 does not.
    private static string? Truth(string text) => text.ToLowerInvariant() switch
    {
        "yes" or "on" => "true",
        "no" or "off" => "false",
        _ => null,
    };

    private void Check(SpecField field, object value, SpecNode node, string path)
    {
        if (field.Length is { } length && value is Array array
            && (array.Length < length.MinimumLength || array.Length > length.MaximumLength))
        {
            Problem(node.Place, path, $"expected {SpecText.Count(length)}, found {array.Length}");
        }

        if (field.Pattern is { } pattern && value is string text
            && Regex.Match(text, pattern, RegexOptions.CultureInvariant, PatternTime).Length != text.Length)
        {
            Problem(node.Place, path, $"{Quote.Text(text)} does not fit; {Lower(field.Description)}");
        }

        if (field.Bounds is { } bounds)
        {
            foreach (var (number, at) in Numbers(value, node))
            {
                if (!bounds.Contains(number))
                {
                    Problem(at.Place, path, $"expected {SpecText.Range(bounds)}, found {Quote.Number(number)}");
                }
            }
        }
    }

    private string FileName(string name, SpecNode node, string path)
    {
        if (string.IsNullOrWhiteSpace(name) || name.Contains('\0', StringComparison.Ordinal))
        {
            Problem(node.Place, path, $"expected the name of a file, found {Quote.Text(name)}");
            return name;
        }

        // A folder is the same with and without a slash at its end.
        return Path.TrimEndingDirectorySeparator(Path.GetFullPath(name, folder));
    }

    private static IEnumerable<(double Number, SpecNode At)> Numbers(object value, SpecNode node) =>
        value is Array array
        ? array.Cast<object>().Select((v, i) => (Convert.ToDouble(v, null), ((SpecList)node).Items[i]))
        : [(Convert.ToDouble(value, null), node)];

    private object? Mistyped(SpecNode node, string path, string expected, string? nearest = null) =>
        Problem(node.Place, path, $"expected {expected}; found "
            + $"{node.Found}{(nearest is null ? "" : $"; did you mean '{nearest}'?")}");

    private object? Problem(SpecPlace place, string path, string message)
    {
        problems.Add(place.Problem(path, message));
        return null;
    }

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    private static string Lower(string description) =>
        description.Length == 0 ? description : char.ToLowerInvariant(description[0]) + description[1..].TrimEnd('.');
}
