using static TorchSharp.torch;

namespace Ebm.Core.Datasets;

/// <summary>The bytes of a contiguous CPU tensor of any size: one span cannot reach beyond 2 GiB.</summary>
internal static class TensorChunks
{
    private const int ChunkElements = 1 << 22;

    /// <summary>What is done with one chunk.</summary>
    /// <param name="bytes">The tensor's own memory.</param>
    /// <param name="first">Number of its first element.</param>
    public delegate void Visit(Span<byte> bytes, long first);

    /// <summary>Visits all elements in order.</summary>
    public static void ForEach(Tensor values, Visit visit)
    {
        using var flat = values.view(-1);
        for (long first = 0; first < flat.shape[0]; first += ChunkElements)
        {
            using var chunk = flat.narrow(0, first, Math.Min(ChunkElements, flat.shape[0] - first));
            visit(chunk.bytes, first);
        }
    }
}
