namespace Ebm.Core.Energies;

/// <summary>One named tensor inside the flat parameter vector.</summary>
/// <param name="Name">Dotted name, for example <c>hidden.bias</c>.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Offset">Index of its first element in the flat vector.</param>
public sealed record ParameterEntry(string Name, long[] Shape, long Offset)
{
    /// <summary>Number of elements.</summary>
    public long Length { get; } = Shape.Aggregate(1L, (a, b) => a * b);
}

/// <summary>
/// How an energy's parameters lie in one flat float32 vector: one span for optimiser, transport and checkpoint.
/// </summary>
public sealed class ParameterLayout
{
    /// <summary>Names of other entries in files of models.</summary>
    private static readonly string[] Reserved = ["__metadata__", "sampler.tuning"];

    private readonly Dictionary<string, int> _index = [];

    /// <summary>Lays the tensors out one after the other, in the order given.</summary>
    public ParameterLayout(params IReadOnlyList<(string Name, long[] Shape)> tensors)
    {
        var entries = new ParameterEntry[tensors.Count];
        for (var i = 0; i < entries.Length; i++)
        {
            entries[i] = new ParameterEntry(tensors[i].Name, tensors[i].Shape, Length);
            if (Reserved.Contains(entries[i].Name) || !_index.TryAdd(entries[i].Name, i))
            {
                throw new ArgumentException(
                    $"The parameter name '{entries[i].Name}' is reserved or taken; use another one.", nameof(tensors));
            }

            Length += entries[i].Length;
        }

        Entries = entries;
    }

    /// <summary>The tensors in order.</summary>
    public IReadOnlyList<ParameterEntry> Entries { get; }

    /// <summary>Elements in the flat vector.</summary>
    public long Length { get; }

    /// <summary>Position of a tensor in <see cref="Entries"/>.</summary>
    public int IndexOf(string name) => _index.TryGetValue(name, out var index)
        ? index
        : throw new ArgumentException(
            $"There is no parameter '{name}'; the declared names are {string.Join(", ", _index.Keys)}.", nameof(name));

    /// <summary>
    /// The tensor that holds element <paramref name="offset"/> of the flat vector (to name a non-finite value).
    /// </summary>
    public ParameterEntry At(long offset) => Entries.Last(e => e.Offset <= offset);
}
