using Ebm.Core.Datasets;
using Ebm.Core.Energies;
using Ebm.Core.Energies.TorchScript;
using Ebm.Core.Randomness;
using Ebm.Core.Spec;
using Ebm.Core.States;
using TorchSharp;
using static TorchSharp.torch;

namespace Ebm.Core.Tests.Energies.TorchScript;

/// <summary>
/// A module as an energy. That its gradients are those of its energies, and repeat: with all others, in EnergyCases.
/// </summary>
public sealed class ScriptEnergyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly IEnergy _energy = EnergyCases.Create("torchscript");

    [Fact]
    public void Layout_OfAModule_HasTheTrainedParametersUnderTheirNames() => Assert.Equal(
        "out [8] at 0, first.weight [8, 2] at 8, first.bias [8] at 24",
        string.Join(", ", _energy.Layout.Entries.Select(
            e => $"{e.Name} [{string.Join(", ", e.Shape)}] at {e.Offset}")));

    [Fact]
    public void Initialise_WithAnyKey_GivesTheParametersOfTheFile()
    {
        var summary = new DataSummary([]);
        var first = _energy.Initialise(new RandomKey(1), summary);
        using var used = new Parameters(_energy.Layout, first.mul(3));
        _energy.Energy(used, ones(1, 2));

        Assert.Equal(EnergyCases.Values(first), EnergyCases.Values(_energy.Initialise(new RandomKey(2), summary)));
        Assert.Equal(Modules.Data("0", "3", "4"), first.bytes.ToArray());
    }

    [Fact]
    public void Gradients_OnManyThreadsWithParametersOfTheirOwn_AreThoseOfEach()
    {
        using var parameters = EnergyCases.RandomParameters(_energy, 0.5f, ScalarType.Float32);
        var x = EnergyCases.RandomStates(_energy, 64, ScalarType.Float32);
        var versions = Enumerable.Range(1, 8).Select(i => new Parameters(_energy.Layout, parameters.Flat * i))
            .ToArray();
        var expected = versions.Select(Bytes).ToArray();
        var equal = new bool[versions.Length];

        var threads = versions.Select((version, t) => new Thread(() =>
            equal[t] = Enumerable.Range(0, 50).All(_ => Bytes(version).AsSpan().SequenceEqual(expected[t])))).ToArray();
        Array.ForEach(threads, t => t.Start());
        Array.ForEach(threads, t => t.Join());

        Assert.All(equal, Assert.True);
        Assert.Equal(versions.Length, expected.Select(Convert.ToHexString).Distinct().Count());
        Array.ForEach(versions, v => v.Dispose());

        byte[] Bytes(Parameters version)
        {
            using var inner = NewDisposeScope();
            var (energies, gradient) = _energy.ParameterGradient(version, x, 1 / 64.0, 0.01);
            return [.. _energy.StateGradient(version, x).bytes, .. energies.bytes, .. gradient.bytes];
        }
    }

    /// <summary>
    /// A runtime that profiles the first calls of a module and then rewrites it gives other bits in later calls, and
    /// in processes with another history.
    /// </summary>
    [Fact]
    public void Gradients_AfterAnyOtherCalls_AreTheSameBits()
    {
        using var parameters = EnergyCases.RandomParameters(_energy, 0.1f, ScalarType.Float32);
        var x = EnergyCases.RandomStates(_energy, 64, ScalarType.Float32);
        var digests = new[] { "x", "xx", "xxp", "ppx", "pppxxx", "exp", "eeexxx" }.Select(calls =>
        {
            var energy = EnergyCases.Create("torchscript");
            foreach (var call in calls)
            {
                _ = call == 'x' ? energy.StateGradient(parameters, x)
                    : call == 'p' ? energy.ParameterGradient(parameters, x, 1).Gradient : energy.Energy(parameters, x);
            }

            return Convert.ToHexString([.. energy.StateGradient(parameters, x).bytes,
                .. energy.ParameterGradient(parameters, x, 1).Gradient.bytes]);
        });

        Assert.Single(digests.Distinct());
    }

    [Fact]
    public void Energy_OfImages_IsThatOfTheRowsInThem()
    {
        var path = _folder.Write(
            "a.pt", Modules.WithForward("return torch.mv(self.first.forward(torch.flatten(x, 1), ), self.out)"));
        var images = ScriptEnergy.Open(
            new TorchScriptSpec { Path = path, Units = NetworkUnits.Binary }, 2, new ImageShape(1, 2, 1));
        using var parameters = EnergyCases.RandomParameters(images);
        var x = EnergyCases.RandomStates(images, 4);

        Assert.Equal(new StateSpace(2, UnitKind.Binary, new ImageShape(1, 2, 1)), images.Space);
        Assert.Equal([1, 2, 1], images.RowShape);
        EnergyCases.AssertClose(
            (x.mm(parameters["first.weight"].t()) + parameters["first.bias"]).mv(parameters["out"]),
            images.Energy(parameters, x), 1e-12);
        Assert.Equal([4, 2], images.StateGradient(parameters, x).shape);
    }

    [Fact]
    public void ParameterGradient_OfAnUnusedParameter_IsZero()
    {
        var path = _folder.Write(
            "a.pt", Modules.WithForward("return torch.mv(torch.linear(x, self.first.weight), self.out)"));
        var energy = ScriptEnergy.Open(new TorchScriptSpec { Path = path }, 2);
        using var parameters = EnergyCases.RandomParameters(energy);
        var gradient = energy.ParameterGradient(parameters, EnergyCases.RandomStates(energy, 4), 1).Gradient;

        Assert.All(EnergyCases.Values(gradient)[24..], g => Assert.Equal(0, g));
        Assert.All(EnergyCases.Values(gradient)[..24], g => Assert.NotEqual(0, g));
    }

    [Fact]
    public void Save_ThenOpen_IsTheSameModuleWithTheseParameters()
    {
        using var parameters = EnergyCases.RandomParameters(_energy, 0.5f, ScalarType.Float32);
        var path = Path.Combine(_folder.Path, "saved.pt");
        ((ScriptEnergy)_energy).Save(parameters, path);
        var saved = ScriptEnergy.Open(new TorchScriptSpec { Path = path }, 2);
        var x = EnergyCases.RandomStates(_energy, 8, ScalarType.Float32);

        var initial = saved.Initialise(default, new DataSummary([]));
        Assert.Equal(EnergyCases.Values(parameters.Flat), EnergyCases.Values(initial));
        Assert.Equal(
            EnergyCases.Values(_energy.Energy(parameters, x)), EnergyCases.Values(saved.Energy(parameters, x)));
    }

    [Fact]
    public void Energy_ThatStopsBeingOneForEachRow_IsAnErrorThatNamesTheModule()
    {
        var path = _folder.Write("a.pt", Modules.WithForward(
            "y = torch.mv(self.first.forward(x, ), self.out)\nif bool(torch.gt(torch.max(x), 5.)):\n  y = "
                + "torch.sum(y)\nelse:\n  pass\nreturn y"));
        var energy = ScriptEnergy.Open(new TorchScriptSpec { Path = path }, 2);
        using var parameters = EnergyCases.RandomParameters(energy, type: ScalarType.Float32);

        Assert.Equal([3], energy.Energy(parameters, ones(3, 2)).shape);
        var error = Assert.Throws<EbmException>(() => energy.Energy(parameters, ones(3, 2) * 9));
        Assert.Contains(
            $"{path} did not return one energy for each of 3 rows", error.Message, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }
}
