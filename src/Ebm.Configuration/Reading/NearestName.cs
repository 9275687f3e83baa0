namespace Ebm.Configuration.Reading;

/// <summary>The valid name that a misspelt one most likely stands for.</summary>
internal static class NearestName
{
    private const int LongestName = 64;

    /// <summary>
    /// The candidate at the smallest edit distance (letters and digits only, case ignored). Null if that distance
    /// exceeds a third of the candidate's length: a wild guess helps nobody.
    /// </summary>
    public static string? Of(string name, IEnumerable<string> candidates)
    {
        if (name.Length > LongestName)
        {
            return null;
        }

        var plain = Plain(name);
        return candidates
            .Select(c => (Name: c, Distance: Distance(plain, Plain(c))))
            .Where(c => c.Distance <= Math.Max(1, c.Name.Length / 3) && c.Distance < plain.Length)
            .OrderBy(c => c.Distance)
            .Select(c => c.Name)
            .FirstOrDefault();
    }

    /// <summary>"; did you mean 'x'?" or nothing.</summary>
    public static string Hint(string name, IReadOnlyCollection<string> candidates) =>
        Of(name, candidates) is { } nearest ? $"; did you mean '{nearest}'?" : ";";

    private static string Plain(string name) => string.Concat(name.Where(char.IsLetterOrDigit)).ToLowerInvariant();

    // Levenshtein with two rows.
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substituted, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[b.Length];
    }
}
