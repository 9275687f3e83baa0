using Ebm.Core;

namespace Ebm.Configuration.Reading;

/// <summary><c>--set learning.rounds=500</c>: one field of the tree replaced before it is bound.</summary>
internal static class SpecOverride
{
    /// <summary>The tree with the override; problems name the option instead of a line.</summary>
    /// <param name="root">The tree of the file.</param>
    /// <param name="text">Dotted path, =, and a YAML scalar or flow value; null or an empty value restores the field's
    /// default.</param>
    /// <param name="problems">List that receives the problems of the override.</param>
    public static SpecMap Apply(SpecMap root, string text, List<SpecProblem> problems)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        var path = equals < 0 ? text : text[..equals].Trim();
        var location = new SpecLocation($"--set {Quote.Bare(path)}", 0, 0);
        if (equals <= 0 || path.Split('.').Any(string.IsNullOrWhiteSpace))
        {
            problems.Add(location.CreateProblem("",
                "expected a field, = and a value, such as --set learning.rounds=500"));
            return root;
        }

        try
        {
            return Replace(root, path.Split('.'), 0, SpecTree.ReadOverride(text[(equals + 1)..], location, problems),
                location);
        }
        catch (SpecException e)
        {
            problems.AddRange(e.Problems);
            return root;
        }
    }

    private static SpecMap Replace(SpecMap map, string[] path, int depth, SpecNode value, SpecLocation location)
    {
        var key = new SpecScalar(location, path[depth], plain: true);
        if (depth == path.Length - 1)
        {
            return map.With(key, value);
        }

        var entry = map.Entries.FirstOrDefault(e => e.Key.Text == key.Text);
        var inner = entry.Value switch
        {
            SpecMap found => found,
            null or { IsNull: true } => new SpecMap(location, []),
            var other => throw new SpecException(
                [location.CreateProblem("", $"{string.Join('.', path[..(depth + 1)])} is {other.Found} and has no "
                    + "keys")]),
        };

        // The key keeps its location in the file: only the value comes from the option.
        return map.With(entry.Key ?? key, Replace(inner, path, depth + 1, value, location));
    }
}
