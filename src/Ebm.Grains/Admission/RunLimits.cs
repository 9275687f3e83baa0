using Ebm.Data.Files;
using Ebm.Core;
using Ebm.Core.Energies;
using Ebm.Core.Plans;
using Ebm.Core.Replay;
using Ebm.Core.Spec;

namespace Ebm.Grains.Admission;

/// <summary>What a spec may ask of the process that computes it.</summary>
internal sealed record RunLimits
{
    // Rows lie in memory twice while they are split, once as they were read.
    private const int DataShare = 3;

    /// <summary>No limits: of a process that computes what its own user asks for.</summary>
    public static RunLimits None { get; } = new();

    /// <summary>Where a spec may name files.</summary>
    public FileRoots Roots { get; init; } = FileRoots.Any;

    /// <summary>Whether a spec may bring a TorchScript module, which is code.</summary>
    public bool TorchScript { get; init; } = true;

    /// <summary>Whether a spec may bring an assembly with an energy, which is code.</summary>
    public bool EnergyAssemblies { get; init; } = true;

    /// <summary>Most memory of one run's parameter server, or of one of its shards, in bytes.</summary>
    public long Memory { get; init; } = long.MaxValue;

    /// <summary>Most bytes that one file's rows may take.</summary>
    public long DataBytes => Math.Min(DataFile.DefaultLimit, Memory / DataShare);

    /// <summary>Checks the spec alone, before any of its files is opened.</summary>
    /// <exception cref="InputException">It exceeds the limits of the silo.</exception>
    public void Check(RunSpec spec)
    {
        if (!TorchScript && spec.Energy is TorchScriptSpec)
        {
            throw new InputException(
                "energy.kind: torchscript is switched off in this cluster: a module is code, which would run with all "
                    + "that its silos may do. Whoever runs the silos can switch it on with their setting TorchScript.");
        }

        if (!EnergyAssemblies && spec.Energy is AssemblyEnergySpec)
        {
            throw new InputException(
                "energy.kind: assembly is disabled in this cluster: an assembly is code, which would run with all "
                    + "rights of its silos. Their administrator can enable it with the setting EnergyAssemblies.");
        }

        foreach (var (field, path) in NamedFiles.Of(spec))
        {
            Roots.Check(field, path);
        }
    }

    /// <summary>Checks the known needs of a run before it is accepted.</summary>
    /// <exception cref="InputException">It is more than there may be.</exception>
    public void Check(RunSpec spec, RunPlan plan, IEnergy energy, StateCodec codec)
    {
        var needed = RunMemory.Of(spec, plan, energy, codec);
        if (needed.Bytes > Memory)
        {
            throw new InputException(
                $"the run needs at least {Mebibytes(needed.Bytes)} of memory on a silo, and may take "
                    + $"{Mebibytes(Memory)} here: its parameter server "
                + $"{Mebibytes(needed.Server)} ({energy.Layout.Length} parameters, {plan.Chains} chains), its largest "
                + $"shard {Mebibytes(needed.Shard)} "
                + $"({plan.Shards.Max(s => s.Chains)} chains, {plan.Shards.Max(s => s.Slots)} replay slots). "
                + "Use a smaller model, fewer chains or slots, more shards, or silos with more memory "
                + "(their setting MemoryLimit).");
        }
    }

    private static string Mebibytes(long bytes) => $"{bytes >> 20} MiB";
}
