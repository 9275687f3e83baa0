using System.Runtime.Intrinsics;

namespace Ebm.Core.Diagnostics;

/// <summary>
/// rho_t = 1 - (W - mean autocovariance at lag t) / var+ of several chains together (Vehtari et al. 2021, equation 10),
/// a lag at a time: a chain that mixes needs few, and then this is faster than a Fourier transform.
/// </summary>
internal sealed class Autocorrelation
{
    private readonly double[] _centred;
    private readonly int _chains, _length;
    private readonly double _within, _total;

    /// <summary>Of chains of at least two draws.</summary>
    public Autocorrelation(ChainDraws draws)
    {
        (_chains, _length, _centred) = (draws.Chains, draws.Length, draws.Values.ToArray());
        var means = draws.Means();
        for (var i = 0; i < _centred.Length; i++)
        {
            _centred[i] -= means[i / _length];
        }

        _within = Autocovariance(0) * _length / (_length - 1);
        _total = (_within * (_length - 1) / _length) + (_chains > 1 ? Moments.Variance(means) : 0);
    }

    /// <summary>At a lag below the chains' length.</summary>
    public double At(int lag) => 1 - ((_within - Autocovariance(lag)) / _total);

    /// <summary>Mean over chains of sum_i (x_i - mean) (x_{i + lag} - mean) / length.</summary>
    private double Autocovariance(int lag)
    {
        var sum = 0.0;
        for (var chain = 0; chain < _chains; chain++)
        {
            var values = _centred.AsSpan(chain * _length, _length);
            sum += Dot(values[..^lag], values[lag..]);
        }

        return sum / _length / _chains;
    }

    /// <summary>In eight sums that the processor adds to side by side: the same ones on every processor.</summary>
    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var (even, odd, i) = (Vector256<double>.Zero, Vector256<double>.Zero, 0);
        for (; i <= a.Length - 8; i += 8)
        {
            even += Vector256.Create(a[i..]) * Vector256.Create(b[i..]);
            odd += Vector256.Create(a[(i + 4)..]) * Vector256.Create(b[(i + 4)..]);
        }

        var sum = Vector256.Sum(even + odd);
        for (; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }
}
