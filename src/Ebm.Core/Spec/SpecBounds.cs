using System.Globalization;

namespace Ebm.Core.Spec;

/// <summary>Checks the numbers of spec records from code. Those of a file are checked by its reader.</summary>
internal static class SpecBounds
{
    /// <summary>A sentence for each number outside its bounds, in the record and in those inside it.</summary>
    /// <param name="record">The record.</param>
    /// <param name="path">Its name in the sentences.</param>
    public static IEnumerable<string> Problems(object record, string path)
    {
        foreach (var field in SpecShape.Fields(record.GetType()))
        {
            var name = $"{path}.{field.Property.Name}";
            var value = field.Property.GetValue(record);
            if (field.Bounds is { } bounds)
            {
                foreach (var number in Numbers(value).Where(number => !bounds.Contains(number)))
                {
                    yield return $"{name}: expected {bounds.Expected()}, found {Quote.Number(number)}.";
                }
            }
            else if (value is not null && SpecShape.IsRecord(field.Type))
            {
                foreach (var problem in Problems(value, name))
                {
                    yield return problem;
                }
            }
        }
    }

    private static IEnumerable<double> Numbers(object? value) => value switch
    {
        null => [],
        System.Collections.IEnumerable list => list.Cast<object>().SelectMany(Numbers),
        IConvertible number => [number.ToDouble(CultureInfo.InvariantCulture)],
        _ => [],
    };
}
