using Ebm.Core.Spec;

namespace Ebm.Grains.Admission;

/// <summary>The files that a spec names.</summary>
internal static class NamedFiles
{
    /// <summary>Each such field, by its dotted name, and its value.</summary>
    public static IEnumerable<(string Field, string Path)> Of(RunSpec spec) => Of(spec, "");

    private static IEnumerable<(string Field, string Path)> Of(object record, string prefix)
    {
        foreach (var field in SpecShape.Fields(record.GetType()))
        {
            var name = prefix + field.Name;
            var found = field.Property.GetValue(record) switch
            {
                string path when field.IsPath => [(name, path)],
                null or string or Array => [],
                var value when SpecShape.IsRecord(value.GetType()) => Of(value, name + "."),
                _ => [],
            };
            foreach (var file in found)
            {
                yield return file;
            }
        }
    }
}
