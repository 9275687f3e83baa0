using Ebm.Core.Datasets;
using Ebm.Core.Native;
using Ebm.Core.Randomness;
using Ebm.Core.States;
using static TorchSharp.torch;

namespace Ebm.Core.Energies.Bases;

/// <summary>
/// Lines of text whose lengths have the training rows' frequencies and whose characters, given the length, those of a
/// Kneser-Ney model of n-grams (<see cref="KneserNey"/>, <see cref="LineDistribution"/>): a distribution over padded
/// rows, as a product of p_i(x_i | the n - 1 symbols before), one table for each position i. Its log-probability is
/// linear in each symbol's one-hot encoding, so its gradient there has the exact gain of every substitution.
/// </summary>
internal sealed class NgramBase : IBaseDistribution
{
    /// <summary>
    /// Most entries of the tables: 16 million, 64 MB for each place of an n-gram, and 128 MB in double precision.
    /// </summary>
    private const double MostEntries = 1 << 24;

    /// <summary>
    /// For each place of an n-gram: log p with the symbol of that place last, [positions * symbols^(n-1), symbols]. The
    /// others are in the order of the row.
    /// </summary>
    private readonly ConstantTensor[] _logs;

    /// <summary>p of the symbols up to each, [positions * symbols^(n-1), symbols - 1].</summary>
    private readonly ConstantTensor _cumulative;
    private readonly int _order;

    private NgramBase(StateSpace space, double[] probabilities, int order)
    {
        using var scope = NewDisposeScope();
        (Space, _order) = (space, order);
        long categories = space.Categories;
        long[] shape = [space.Features, .. Enumerable.Repeat(categories, order)];
        var table = new ConstantTensor(tensor(probabilities).view(-1, categories).log());
        _logs =
        [
            .. Enumerable.Range(1, order - 1).Select(place => new ConstantTensor(type => table.On(CPU, type)
                .view(shape).movedim([place], [order]).reshape(-1, categories).contiguous())),
            table,
        ];
        _cumulative = new ConstantTensor(
            type => Table.exp().cumsum(1).narrow(1, 0, categories - 1).to(type).contiguous());
    }

    /// <inheritdoc/>
    public StateSpace Space { get; }

    /// <summary>Symbols in an n-gram.</summary>
    public int Order => _order;

    /// <summary>
    /// log p of each symbol after those before it, [positions * symbols^(n-1), symbols], float64, on the CPU.
    /// </summary>
    public Tensor Table => _logs[^1].On(CPU, ScalarType.Float64);

    private byte Padding => (byte)(Space.Categories - 1);

    /// <summary>The base of the training rows of a text.</summary>
    /// <exception cref="InputException">The data is not text, or the tables would be too large.</exception>
    public static NgramBase Fit(StateSpace space, Dataset data, int order)
    {
        var alphabet = data.Alphabet ?? throw new InputException(
            "energy.base: ngram is for lines of text; use data kind text.");
        var entries = space.Features * Math.Pow(space.Categories, order);
        return entries <= MostEntries
            ? new NgramBase(space, LineDistribution.Of(data.Train, alphabet, order), order)
            : throw new InputException(
                $"energy.baseOrder: n-grams of {order} of {space.Categories} symbols at {space.Features} "
                    + $"positions are {entries:0} "
                + $"probabilities; expected at most {MostEntries:0}. Use a lower order, fewer "
                + "characters or shorter rows.");
    }

    /// <inheritdoc/>
    public Tensor LogProbability(Tensor states)
    {
        using var graphless = no_grad();
        using var scope = NewDisposeScope();
        var windows = Windows(states);
        using Scalar categories = Space.Categories;
        var entries = Index(windows, _order - 1).mul(categories).Plus(windows[^1]);
        return _logs[^1].Like(states).take(entries).sum(1).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public Tensor StateGradient(Tensor states)
    {
        using var graphless = no_grad();
        using var scope = NewDisposeScope();
        var windows = Windows(states);
        long rows = states.shape[0], features = Space.Features, categories = Space.Categories;
        var gradient = zeros([rows, features, categories], states.dtype, states.device);
        for (var place = 0; place < _order; place++)
        {
            // The symbol in this place of the n-gram that ends at position i is that of position i - back.
            var back = _order - 1 - place;
            if (back < features)
            {
                var terms = _logs[place].Like(states).index_select(0, Index(windows, place).reshape(-1)).view(
                    rows, features, categories);
                gradient.narrow(1, 0, features - back).Increase(terms.narrow(1, back, features - back));
            }
        }

        return gradient.view(rows, -1).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public Tensor Sample(int count, INoise noise, NoiseSite site, Device device)
    {
        using var graphless = no_grad();
        using var scope = NewDisposeScope();
        var uniform = empty([count, Space.Features], ScalarType.Float32, device);
        noise.FillUniform(uniform, site);
        var cumulative = _cumulative.On(device, ScalarType.Float32);
        var contexts = cumulative.shape[0] / Space.Features;
        using Scalar none = contexts - 1, categories = Space.Categories, all = contexts;
        var context = full([count], none, ScalarType.Int64, device: device);
        var columns = new Tensor[Space.Features];
        for (var i = 0; i < columns.Length; i++)
        {
            using Scalar first = i * contexts;
            columns[i] = InverseTransform.Of(cumulative.index_select(0, context.Plus(first)), uniform.select(1, i));
            context = context.mul(categories).Plus(columns[i].to(ScalarType.Int64)).remainder(all);
        }

        return stack(columns, 1).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// The symbols of the n-gram that ends at each position: for each place, [rows, features]; before a row is padding.
    /// </summary>
    private Tensor[] Windows(Tensor states)
    {
        using Scalar padding = Padding;
        var before = full([states.shape[0], _order - 1], padding, ScalarType.Int64, device: states.device);
        var symbols = cat([before, states.to(ScalarType.Int64)], 1);
        return [.. Enumerable.Range(0, _order).Select(place => symbols.narrow(1, place, Space.Features))];
    }

    /// <summary>
    /// Rows of the table of a place: position, and the symbols of the other places; [rows, features].
    /// </summary>
    private Tensor Index(Tensor[] windows, int place)
    {
        using Scalar categories = Space.Categories;
        var index = Sums.Count(0, Space.Features, ScalarType.Int64, windows[0].device).expand(windows[0].shape);
        for (var other = 0; other < _order; other++)
        {
            index = other == place ? index : index.mul(categories).Plus(windows[other]);
        }

        return index;
    }
}
