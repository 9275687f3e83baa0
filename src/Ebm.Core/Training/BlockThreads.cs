using System.Runtime.ExceptionServices;
using Ebm.Core.Learning;
using TorchSharp;
using static TorchSharp.torch;

namespace Ebm.Core.Training;

/// <summary>Computes blocks of rows on several threads, without autograd. No result depends on their number.</summary>
internal sealed class BlockThreads(Device device, int threads)
{
    private readonly ParallelOptions _parallel = new()
    {
        MaxDegreeOfParallelism = threads > 0 ? threads : device.type == DeviceType.CPU ? Environment.ProcessorCount : 1,
    };

    /// <summary>Computes the value of each block, in the order of blocks.</summary>
    public T[] Map<T>(int blocks, Func<int, T> compute)
    {
        var values = new T[blocks];
        try
        {
            Parallel.For(0, blocks, _parallel, block => values[block] = Run(() => compute(block)));
        }
        catch (AggregateException e)
        {
            foreach (var value in values.OfType<IDisposable>())
            {
                value.Dispose();
            }

            // One cause is enough: the blocks of a round fail alike.
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }

        return values;
    }

    /// <summary>Sums over blocks in the order of <see cref="BlockTree"/>.</summary>
    public PhaseSum Sum(int blocks, Func<int, PhaseSum> leaf)
    {
        var parts = BlockTree.Split(blocks, _parallel.MaxDegreeOfParallelism);
        var sums = Map(parts.Count, part => BlockTree.Reduce(parts[part], leaf, PhaseSum.Add));
        return Run(() => BlockTree.Merge(
            blocks, parts.Zip(sums).ToDictionary(p => p.First, p => p.Second), PhaseSum.Add));
    }

    /// <summary>Computes without autograd; temporaries are freed.</summary>
    public static T Run<T>(Func<T> compute)
    {
        using var graphless = no_grad();
        using var scope = NewDisposeScope();
        return compute();
    }
}
