using System.Text.Json.Nodes;
using Ebm.Core.Checkpoints;
using Ebm.Core.Datasets;
using Ebm.Core.Energies.Networks;
using Ebm.Core.Export;
using Ebm.Core.Spec;
using Ebm.Core.States;
using Ebm.Core.Tests.Energies;
using Ebm.Core.Tests.Energies.TorchScript;
using static TorchSharp.torch;

namespace Ebm.Core.Tests.Export;

/// <summary>What an export holds. That Python computes the same energies from it is tested end to end.</summary>
public sealed class ModelExportTests
{
    private static readonly string Loader =
        File.ReadAllText(Path.Combine(Repository.Root, "examples", "python", "load_ebm.py"));

    /// <summary>An energy and a record of its kind.</summary>
    public static TheoryData<string, EnergySpec> Energies => new()
    {
        { "rbm", new RbmSpec { Hidden = 4 } },
        { "gaussian-rbm", new GaussianRbmSpec { Hidden = 4, Sigma = 0.7 } },
        { "potts-free", new PottsSpec { Categories = 3, Lattice = [2, 2], Boundary = Boundary.Free,
            LearnField = true } },
        { "mlp-Tanh", new MlpSpec { Hidden = [8, 5] } },
        { "conv-8", new ConvSpec() },
        { "resnet-spectral", new ResNetSpec { Channels = [3, 4], Blocks = 2 } },
        { "torchscript", new TorchScriptSpec { Path = Modules.Base } },
    };

    [Theory, MemberData(nameof(Energies))]
    public void Of_EachEnergy_HasItsParametersAndItsOrigin(string name, EnergySpec spec)
    {
        using var scope = NewDisposeScope();
        var energy = EnergyCases.Create(name);
        using var parameters = EnergyCases.RandomParameters(energy, 0.3f, ScalarType.Float32);
        var files = ModelExport.Of(spec, energy, parameters, RowReading.Plain, Origin(parameters.Flat.bytes.ToArray()));

        Assert.Equal(
            [
                ModelExport.ParametersFile,
                .. spec is ResNetSpec ? [ModelExport.ConstantsFile] : Array.Empty<string>(),
                .. spec is TorchScriptSpec ? [ModelExport.ModuleFile] : Array.Empty<string>(),
                ModelExport.DescriptionFile,
            ],
            files.Select(f => f.Name));
        var tensors = Safetensors.Read(files[0].Content, "export");
        Assert.Equal(
            energy.Layout.Entries.Select(e => (e.Name, string.Join('x', e.Shape))),
            tensors.Select(t => (t.Name, string.Join('x', t.Shape))));
        Assert.Equal(parameters.Flat.bytes.ToArray(), tensors.SelectMany(t => t.Bytes.ToArray()));

        var description = JsonNode.Parse(files[^1].Content)!;
        Assert.Equal(SpecShape.KindOf(spec.GetType()), (string?)description["energy"]!["kind"]);
        Assert.Equal(energy.Space.Features, (int?)description["states"]!["features"]);
        Assert.Equal(energy.Layout.Length, (long?)description["parameters"]!["count"]);
        Assert.Equal(7, (long?)description["provenance"]!["round"]);
        Assert.Equal(
            (string?)description["provenance"]!["checkpointParametersSha256"],
            (string?)description["provenance"]!["parametersSha256"]);
    }

    [Fact]
    public void Of_AnAssembly_IsRefused()
    {
        using var scope = NewDisposeScope();
        var energy = EnergyCases.Create("autograd");
        using var parameters = EnergyCases.RandomParameters(energy, 0.3f, ScalarType.Float32);
        var spec = new AssemblyEnergySpec { Path = "/a/mine.dll", Type = "Mine" };

        Assert.Contains("its formula is the code of /a/mine.dll", Assert.Throws<InputException>(() => ModelExport.Of(
            spec, energy, parameters, RowReading.Plain, Origin(new byte[4]))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_Layers_DescribesAllThatTheirValuesDependOn()
    {
        using var scope = NewDisposeScope();
        var energy = ConvEnergy.Create(
            new ConvSpec { Features = 4, Activation = Activation.Relu }, new ImageShape(1, 8, 8));
        var layers = EnergyDescription.Of(new ConvSpec(), energy)["layers"]!.AsArray();

        Assert.Equal("""{"layer":"image","shape":[1,8,8]}""", layers[0]!.ToJsonString());
        Assert.Equal(
            """{"layer":"convolution","name":"conv1","kernel":5,"stride":2,"padding":4}""", layers[1]!.ToJsonString());
        Assert.Equal("""{"layer":"relu"}""", layers[2]!.ToJsonString());
        Assert.Equal("""{"layer":"dense","name":"output"}""", layers[^1]!.ToJsonString());
        Assert.Equal(energy.Stages.Count, layers.Count);
    }

    [Fact]
    public void Of_AMovingAverage_HasItsOwnDigestBesideTheCheckpoints()
    {
        using var scope = NewDisposeScope();
        var energy = EnergyCases.Create("rbm");
        using var parameters = EnergyCases.RandomParameters(energy, 0.3f, ScalarType.Float32);
        var origin = Origin(new byte[4]) with { IsAverage = true };
        var provenance = JsonNode.Parse(ModelExport.Of(
            new RbmSpec { Hidden = 4 }, energy, parameters, RowReading.Plain, origin)[^1].Content)!["provenance"]!;

        Assert.True((bool?)provenance["average"]);
        Assert.Equal(StateDigest.Of(parameters.Flat.bytes), (string?)provenance["parametersSha256"]);
        Assert.Equal(StateDigest.Of(new byte[4]), (string?)provenance["checkpointParametersSha256"]);
    }

    /// <summary>Every energy of the spec can be exported, and loaded in Python; code of an assembly cannot.</summary>
    [Fact]
    public void Kinds_OfTheSpec_AreDescribedAndHaveABuilderInPython() =>
        Assert.All(SpecShape.Kinds(typeof(EnergySpec)).Where(k => k.Record != typeof(AssemblyEnergySpec)), kind =>
        {
            Assert.Contains(kind.Record, EnergyDescription.Kinds);
            Assert.Contains($"\n    \"{kind.Kind}\": ", Loader, StringComparison.Ordinal);
        });

    private static ExportOrigin Origin(byte[] parameters) => new(
        new Checkpoint
        {
            RunId = "run",
            SpecDigest = "spec",
            DataDigest = "data",
            Numerics = "numerics",
            Attempt = 0,
            AttemptBase = 0,
            Round = 7,
            Scheduled = true,
            Versions = new Dictionary<long, ReadOnlyMemory<byte>> { [7] = parameters },
            OptimiserStep = 7,
            Trainer = [],
            Slots = [],
        },
        IsAverage: false);
}
