using System.Text.RegularExpressions;
using Ebm.Configuration.Rules;
using Ebm.Core;
using Ebm.Core.Spec;

namespace Ebm.Configuration.Reading;

/// <summary>
/// Fills the spec's records from a tree. Continues after a problem, so that a user sees all of them at once.
/// </summary>
/// <param name="folder">Folder of relative file names.</param>
/// <param name="problems">List that receives the problems.</param>
internal sealed class SpecBinder(string folder, List<SpecProblem> problems)
{
    private static readonly TimeSpan PatternTime = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, SpecLocation> _locations = new(StringComparer.Ordinal);

    /// <summary>The value of a type, or null if the node has none; the problems give the reason.</summary>
    public object? Bind(Type type, SpecNode node, string path)
    {
        _locations.TryAdd(path, node.Location);
        return SpecShape.IsUnion(type) ? BindUnion(type, node, path)
            : SpecShape.IsRecord(type)
            ? node is SpecMap map ? BindRecord(type, map, path, kind: null)
            : ReportMistyped(node, path, "a mapping")
            : type == typeof(FreeMapping) ? BindFreeMapping(node, path)
            : type.IsArray ? BindArray(type.GetElementType()!, node, path)
            : BindScalar(type, node, path);
    }

    /// <summary>
    /// Location of a field. For a field that is not in the text: location of the nearest enclosing mapping.
    /// </summary>
    public SpecLocation FindLocation(string path) =>
        _locations.TryGetValue(path, out var location) ? location : FindLocation(ParentOf(path));

    /// <summary>Path of the mapping that contains a field.</summary>
    public static string ParentOf(string path) => path[..Math.Max(0, path.LastIndexOf('.'))];

    private object? BindUnion(Type union, SpecNode node, string path)
    {
        var kinds = SpecShape.Kinds(union);
        var names = kinds.Select(k => k.Kind).ToArray();
        var among = $"expected one of: {string.Join(", ", names)}";
        if (node is not SpecMap map)
        {
            return ReportMistyped(node, path, $"a mapping such as {{kind: {names[0]}}}");
        }

        var kind = map.Entries.FirstOrDefault(e => e.Key.Text == SpecShape.Kind).Value;
        var at = Join(path, SpecShape.Kind);
        if (kind is null)
        {
            return Report(FindLocation(path), at, $"missing; {among}");
        }

        if (kind is not SpecScalar { IsNull: false } named)
        {
            return ReportMistyped(kind, at, among["expected ".Length..]);
        }

        var (name, record) = kinds.FirstOrDefault(k => k.Kind == named.Text);
        return record is null
            ? Report(kind.Location, at, $"unknown kind {Quote.Text(named.Text)}{NearestName.Hint(named.Text, names)} "
            + $"{among}")
            : BindRecord(record, map, path, name);
    }

    private object? BindRecord(Type type, SpecMap map, string path, string? kind)
    {
        var fields = SpecShape.Fields(type);
        var record = Activator.CreateInstance(type)!;
        var missing = fields.Where(f => f.IsRequired).ToList();
        var complete = true;
        foreach (var (key, node) in map.Entries)
        {
            var at = Join(path, Quote.Bare(key.Text));
            if (kind is not null && key.Text == SpecShape.Kind)
            {
                continue;
            }

            if (fields.FirstOrDefault(f => f.Name == key.Text) is not { } field)
            {
                Report(key.Location, at, Unknown(type, key.Text, kind));
                continue;
            }

            _locations[at] = key.Location;
            if (node.IsNull && (field.IsNullable || node.Location.IsOverride))
            {
                continue;
            }

            missing.Remove(field);
            if (Bind(field.Type, node, at) is { } value)
            {
                Check(field, value, node, at);
                field.Property.SetValue(record, field.IsPath ? ResolveFileName((string)value, node, at) : value);
            }
            else
            {
                complete &= field.Property.GetValue(record) is not null || field.IsNullable;
            }
        }

        foreach (var field in missing)
        {
            Report(FindLocation(path), Join(path, field.Name), $"missing; {Lower(field.Description)}");
        }

        return complete && missing.All(f => f.Type.IsValueType) ? record : null;
    }

    private static string Unknown(Type record, string key, string? kind)
    {
        var others = kind is null ? [] : SpecShape.Kinds(record.BaseType!)
            .Where(k => k.Kind != kind && SpecShape.Fields(k.Record).Any(f => f.Name == key))
            .Select(k => k.Kind).ToArray();
        string[] names = [.. kind is null
            ? Array.Empty<string>()
            : [SpecShape.Kind], .. SpecShape.Fields(record).Select(f => f.Name)];
        var expected = $"expected one of: {string.Join(", ", names)}";
        return others.Length > 0
            ? $"not a key of kind {kind} (but of {string.Join(", ", others)}); {expected}"
            : $"unknown key{NearestName.Hint(key, names)} {expected}";
    }

    private Array? BindArray(Type element, SpecNode node, string path)
    {
        if (node is not SpecList list)
        {
            ReportMistyped(node, path, $"a list such as [{(element == typeof(int) ? "128, 64" : "0, 1")}]");
            return null;
        }

        var values = Array.CreateInstance(element, list.Items.Count);
        var complete = true;
        for (var i = 0; i < values.Length; i++)
        {
            if (Bind(element, list.Items[i], $"{path}[{i}]") is { } value)
            {
                values.SetValue(value, i);
            }
            else
            {
                complete = false;
            }
        }

        return complete ? values : null;
    }

    private object? BindFreeMapping(SpecNode node, string path)
    {
        if (node is not SpecMap map)
        {
            return ReportMistyped(node, path, "a mapping such as {width: 64}");
        }

        try
        {
            return SpecFreeMapping.Read(map);
        }
        catch (SpecException e)
        {
            problems.AddRange(e.Problems.Select(p => p with { Path = Join(path, p.Path) }));
            return null;
        }
    }

    private object? BindScalar(Type type, SpecNode node, string path)
    {
        var expected = SpecScalars.Expected(type);
        if (node is not SpecScalar { IsNull: false } scalar)
        {
            return ReportMistyped(node, path, expected);
        }

        return SpecScalars.Read(type, scalar) ?? ReportMistyped(scalar, path, expected, type.IsEnum
            ? NearestName.Of(scalar.Text, SpecShape.Names(type))
            : type == typeof(bool) ? Boolean(scalar.Text) : null);
    }

    // Boolean values of YAML 1.1 that YAML 1.2 no longer has.
    private static string? Boolean(string text) => text.ToLowerInvariant() switch
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
            Report(node.Location, path, $"expected {SpecText.Count(length)}, found {array.Length}");
        }

        if (field.Pattern is { } pattern && value is string text
            && Regex.Match(text, pattern, RegexOptions.CultureInvariant, PatternTime).Length != text.Length)
        {
            Report(node.Location, path, $"{Quote.Text(text)} is not valid; {Lower(field.Description)}");
        }

        if (field.Bounds is { } bounds)
        {
            foreach (var (number, at) in Numbers(value, node))
            {
                if (!bounds.Contains(number))
                {
                    Report(at.Location, path, $"expected {bounds.Expected()}, found {Quote.Number(number)}");
                }
            }
        }
    }

    private string ResolveFileName(string name, SpecNode node, string path)
    {
        if (string.IsNullOrWhiteSpace(name) || name.Contains('\0', StringComparison.Ordinal))
        {
            Report(node.Location, path, $"expected a file name, found {Quote.Text(name)}");
            return name;
        }

        // A trailing slash does not change the folder.
        return Path.TrimEndingDirectorySeparator(Path.GetFullPath(name, folder));
    }

    private static IEnumerable<(double Number, SpecNode At)> Numbers(object value, SpecNode node) =>
        value is Array array
        ? array.Cast<object>().Select((v, i) => (Convert.ToDouble(v, null), ((SpecList)node).Items[i]))
        : [(Convert.ToDouble(value, null), node)];

    private object? ReportMistyped(SpecNode node, string path, string expected, string? nearest = null) =>
        Report(node.Location, path, $"expected {expected}; found "
            + $"{node.Found}{(nearest is null ? "" : $"; did you mean '{nearest}'?")}");

    private object? Report(SpecLocation location, string path, string message)
    {
        problems.Add(location.CreateProblem(path, message));
        return null;
    }

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    private static string Lower(string description) =>
        description.Length == 0 ? description : char.ToLowerInvariant(description[0]) + description[1..].TrimEnd('.');
}
