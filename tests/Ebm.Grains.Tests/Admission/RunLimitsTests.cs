using Ebm.Core.Plans;
using Ebm.Core.Registry;
using Ebm.Core.Replay;
using Ebm.Core.Spec;
using Ebm.Core;
using Ebm.Grains.Admission;

namespace Ebm.Grains.Tests.Admission;

public sealed class RunLimitsTests
{
    private static readonly RunSpec Small = new()
    {
        Name = "small",
        Data = new ToyDataSpec { Density = ToyDensity.TwoMoons, Count = 100 },
        Energy = new MlpSpec { Hidden = [8] },
        Sampler = new LangevinSpec { StepSize = 0.1 },
        Learning = new LearningSpec { Rounds = 10, Batch = 50 },
    };

    [Fact]
    public void Memory_OfARun_IsTheMinimumItNeeds()
    {
        var memory = Of(Small with { Negatives = new NegativesSpec { Chains = 128, Slots = 1000 } });

        // 2 * 8 + 8 and 8 + 1 parameters of 4 bytes, states of 8 bytes, two shards.
        Assert.Equal(new RunMemory((4 * 4 * 33) + (128 * 8), (4 * 33) + (8 * ((2 * 64) + 500))), memory);
        Assert.Equal(memory.Shard, memory.Bytes);
    }

    [Fact]
    public void Check_OfARunAboveTheLimit_NamesTheLargestParts()
    {
        var spec = Small with { Negatives = new NegativesSpec { Chains = 10_000_000, Slots = 100_000_000 } };
        var refused = Assert.Throws<InputException>(() => Check(spec, new RunLimits { Memory = 64 << 20 }));
        Assert.Contains(
            "needs at least 114 MiB of memory on a silo, and may take 64 MiB here", refused.Message,
            StringComparison.Ordinal);
        Assert.Contains("12500480 replay slots", refused.Message, StringComparison.Ordinal);
        Check(Small, new RunLimits { Memory = 64 << 20 });
        Check(spec, RunLimits.None);
    }

    [Fact]
    public void Check_OfATorchScriptModule_RefusesItUnlessSwitchedOn()
    {
        var spec = Small with { Energy = new TorchScriptSpec { Path = "/data/module.pt" } };
        Assert.Contains("is code", Assert.Throws<InputException>(() => (RunLimits.None with { TorchScript = false })
            .Check(spec)).Message, StringComparison.Ordinal);
        RunLimits.None.Check(spec);
    }

    [Fact]
    public void Check_OfAnAssembly_RefusesItUnlessEnabledAndNamesTheSetting()
    {
        var spec = Small with { Energy = new AssemblyEnergySpec { Path = "/data/a.dll", Type = "Mine" } };
        Assert.Contains("the setting EnergyAssemblies", Assert.Throws<InputException>(
            () => (RunLimits.None with { EnergyAssemblies = false }).Check(spec)).Message, StringComparison.Ordinal);
        (RunLimits.None with { TorchScript = false }).Check(spec);
    }

    [Fact]
    public void Check_OfAnyFieldThatNamesAFile_HoldsItAgainstTheRoots()
    {
        var limits = new RunLimits { Roots = FileRoots.Parse("/data")! };
        foreach (var (field, spec) in new (string, RunSpec)[]
        {
            ("data.path", Small with { Data = new CsvDataSpec { Path = "/etc/passwd" } }),
            ("data.path", Small with { Data = new PngDataSpec { Path = "/etc" } }),
            ("data.labels", Small with { Data = new IdxDataSpec { Path = "/data/a", Labels = "/etc/passwd" } }),
            ("data.testPath", Small with
            {
                Data = new NpyDataSpec { Path = "/data/a", TestPath = "/data/../etc/passwd" },
            }),
            ("energy.path", Small with { Energy = new TorchScriptSpec { Path = "/tmp/module.pt" } }),
            ("energy.path", Small with { Energy = new AssemblyEnergySpec { Path = "/tmp/a.dll", Type = "Mine" } }),
            ("energy.couplings", Small with { Energy = new IsingSpec { Couplings = "/tmp/j.npy" } }),
            ("data.energy.couplings", Small with
            {
                Data = new ModelDataSpec
                {
                    Energy = new IsingSpec { Couplings = "/tmp/j.npy" }, Count = 1, Sampler = new GibbsSpec(),
                },
            }),
        })
        {
            Assert.StartsWith(
                field + ": ", Assert.Throws<InputException>(() => limits.Check(spec)).Message,
                StringComparison.Ordinal);
        }

        limits.Check(Small);
    }

    private static RunMemory Of(RunSpec spec)
    {
        var (plan, energy) = (RunPlan.For(spec, 100), EnergyFactory.Create(spec.Energy, 2));
        return RunMemory.Of(spec, plan, energy, StateCodec.For(plan.Encoding, energy.Space, null));
    }

    private static void Check(RunSpec spec, RunLimits limits)
    {
        var (plan, energy) = (RunPlan.For(spec, 100), EnergyFactory.Create(spec.Energy, 2));
        limits.Check(spec, plan, energy, StateCodec.For(plan.Encoding, energy.Space, null));
    }
}
