using Ebm.Core.Diagnostics;
using static TorchSharp.torch;

namespace Ebm.Core.Benchmarks;

/// <summary>Draws of all chains, gathered feature by feature.</summary>
internal sealed class BenchDraws(int features, int length)
{
    private readonly double[] _energies = new double[BenchSize.Chains * length];
    private readonly double[][] _features =
        [.. Enumerable.Range(0, features).Select(_ => new double[BenchSize.Chains * length])];

    /// <summary>Of the energy.</summary>
    public ChainDraws Energies => new(BenchSize.Chains, _energies);

    /// <summary>Of each feature.</summary>
    public IEnumerable<ChainDraws> Features => _features.Select(values => new ChainDraws(BenchSize.Chains, values));

    /// <summary>One draw of every chain.</summary>
    /// <param name="draw">Its number from 0.</param>
    /// <param name="states">[chains, features].</param>
    /// <param name="energies">[chains].</param>
    public void Add(int draw, Tensor states, Tensor energies)
    {
        var x = states.cpu().data<float>().ToArray();
        var e = energies.cpu().data<float>().ToArray();
        for (var chain = 0; chain < e.Length; chain++)
        {
            _energies[(chain * length) + draw] = e[chain];
            for (var i = 0; i < features; i++)
            {
                _features[i][(chain * length) + draw] = x[(chain * features) + i];
            }
        }
    }
}
