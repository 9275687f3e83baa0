using System.Runtime.InteropServices;
using Ebm.Core.Datasets;
using Ebm.Core.Randomness;
using static TorchSharp.torch;

namespace Ebm.Core.Tests.Datasets;

/// <summary>Keyed noise made in the plainest way: each row from its own draws.</summary>
internal sealed class HashNoise : INoise
{
    public void FillUniform(Tensor target, NoiseSite site) =>
        Visit(target, site, (ref v, ref d) => v = (float)d.Uniform());

    public void AddNormal(Tensor target, float scale, NoiseSite site) =>
        Visit(target, site, (ref v, ref d) => v += scale * (float)d.Normal());

    public void BernoulliInPlace(Tensor logits, Tensor bias, NoiseSite site) => throw new NotSupportedException();

    private delegate void Change(ref float value, ref RowDraws draws);

    private static void Visit(Tensor target, NoiseSite site, Change change)
    {
        var values = MemoryMarshal.Cast<byte, float>(target.bytes);
        var columns = (int)target.shape[1];
        for (var row = 0; row < target.shape[0]; row++)
        {
            var draws = new RowDraws(site.Key, site.FirstChain + (uint)row);
            foreach (ref var value in values.Slice(row * columns, columns))
            {
                change(ref value, ref draws);
            }
        }
    }
}
