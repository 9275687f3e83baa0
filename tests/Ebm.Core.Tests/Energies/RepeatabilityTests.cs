using Ebm.Core.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Ebm.Core.Tests.Energies;

/// <summary>The same bits on any thread, cold or warm, and nothing left behind.</summary>
public sealed class RepeatabilityTests
{
    public static TheoryData<string> All => EnergyCases.All;

    [Theory, MemberData(nameof(All))]
    public void Gradients_OnFourThreadsManyTimes_AreBitwiseEqual(string name)
    {
        using var scope = NewDisposeScope();
        var energy = EnergyCases.Create(name);
        using var parameters = EnergyCases.RandomParameters(energy, 0.1f, ScalarType.Float32);
        var x = EnergyCases.RandomStates(energy, 64, ScalarType.Float32);
        var expected = Bytes();
        var equal = new bool[4];

        var threads = Enumerable.Range(0, equal.Length).Select(t => new Thread(() =>
            equal[t] = Enumerable.Range(0, 10).All(_ => Bytes().AsSpan().SequenceEqual(expected)))).ToArray();
        Array.ForEach(threads, t => t.Start());
        Array.ForEach(threads, t => t.Join());

        Assert.All(equal, Assert.True);

        byte[] Bytes()
        {
            using var inner = NewDisposeScope();
            var (energies, gradient) = energy.ParameterGradient(parameters, x, 1 / 64.0, 0.01);
            return [.. energy.StateGradient(parameters, x).bytes, .. energies.bytes, .. gradient.bytes];
        }
    }

    [Theory, MemberData(nameof(All))]
    public void Results_OfEachCall_AreAllThatIsLeftAlive(string name)
    {
        using var scope = NewDisposeScope();
        var energy = EnergyCases.Create(name);
        using var parameters = EnergyCases.RandomParameters(energy, 0.1f, ScalarType.Float32);
        var x = EnergyCases.RandomStates(energy, 8, ScalarType.Float32);

        // What is computed once a version stays with the parameters.
        energy.Energy(parameters, x).Dispose();
        DisposeScopeManager.Statistics.Reset();

        energy.Energy(parameters, x).Dispose();
        energy.StateGradient(parameters, x).Dispose();
        var (energies, gradient) = energy.ParameterGradient(parameters, x, 1, 1);
        energies.Dispose();
        gradient.Dispose();

        Assert.Equal(0, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void TorchOps_OfEachKind_GiveTheGradientOfAutograd()
    {
        using var scope = NewDisposeScope();
        TorchLibrary.EnsureLoaded();
        var z = linspace(-4, 4, 33).requires_grad_(true);
        var u = linspace(1, 2, 33);
        Check(nn.functional.silu(z), TorchOps.SiluBackward(u, z.detach()));
        Check(z.relu(), TorchOps.ReluBackward(u, z.detach()));
        Check(z.tanh(), TorchOps.TanhBackward(u, z.detach().tanh()));
        Check(TorchOps.Softplus(z), TorchOps.SoftplusBackward(u, z.detach()));
        EnergyCases.AssertClose(nn.functional.softplus(z), TorchOps.Softplus(z), 0);
        Check(nn.functional.leaky_relu(z, 0.2), TorchOps.LeakyReluBackward(u, z.detach()));

        void Check(Tensor y, Tensor actual) =>
            EnergyCases.AssertClose(autograd.grad([(y * u).sum()], [z])[0], actual, 1e-6);
    }
}
