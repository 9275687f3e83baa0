using Ebm.Core.Energies;
using Ebm.Core.Native;
using Ebm.Core.Spec;
using static TorchSharp.torch;

namespace Ebm.Core.Learning;

/// <summary>
/// Sparse weights. With <c>l1</c> an update is followed by the proximal step of l1 |w|: every weight moves towards 0 by
/// rate l1 and stops there (Daubechies, Defrise, De Mol 2004). With <c>prune</c>, weights that are small after a given
/// round become 0 permanently, and the others continue without the penalty, whose shrinkage would bias them
/// (Meinshausen 2007, "Relaxed lasso"; for couplings decimation, Decelle and Ricci-Tersenghi 2014). Biases and fields
/// are exempt.
/// </summary>
internal sealed class Sparsity(ParameterLayout layout, LearningSpec learning)
{
    private readonly ParameterEntry[] _weights =
        [.. layout.Entries.Where(e => !e.Name.EndsWith("bias", StringComparison.Ordinal) && e.Name != "field")];

    /// <summary>Whether the spec has a penalty or pruning.</summary>
    public bool IsActive => learning.L1 > 0 || learning.Prune is not null;

    /// <summary>Applies penalty and pruning after an update, in place.</summary>
    /// <param name="updated">Parameters after the optimiser's step, [layout.Length].</param>
    /// <param name="before">Parameters before it.</param>
    /// <param name="rate">The update's rate.</param>
    /// <param name="round">The round, from 1.</param>
    public void Apply(Tensor updated, Tensor before, double rate, long round)
    {
        using var scope = NewDisposeScope();
        using Scalar threshold = rate * learning.L1, below = learning.Prune?.Below ?? 0;
        foreach (var entry in _weights)
        {
            var weights = updated.narrow(0, entry.Offset, entry.Length);
            if (learning.Prune is { } prune && round > prune.After)
            {
                weights.mul_(before.narrow(0, entry.Offset, entry.Length).IsNot(0));
                continue;
            }

            if (learning.L1 > 0)
            {
                weights.copy_(weights.sign().mul_(weights.abs().sub_(threshold).relu_()));
            }

            if (round == learning.Prune?.After)
            {
                weights.mul_(weights.abs().ge(below));
            }
        }
    }
}
