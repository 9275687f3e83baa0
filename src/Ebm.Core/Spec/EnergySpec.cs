using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Ebm.Core.States;

namespace Ebm.Core.Spec;

/// <summary>The energy function.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(RbmSpec), "rbm")]
[JsonDerivedType(typeof(GaussianRbmSpec), "gaussian-rbm")]
[JsonDerivedType(typeof(IsingSpec), "ising")]
[JsonDerivedType(typeof(PottsSpec), "potts")]
[JsonDerivedType(typeof(MlpSpec), "mlp")]
[JsonDerivedType(typeof(ConvSpec), "conv")]
[JsonDerivedType(typeof(ResNetSpec), "resnet")]
[JsonDerivedType(typeof(SequenceSpec), "sequence")]
[JsonDerivedType(typeof(TorchScriptSpec), "torchscript")]
[JsonDerivedType(typeof(AssemblyEnergySpec), "assembly")]
public abstract record EnergySpec
{
    /// <summary>What its units are.</summary>
    public abstract UnitKind StateUnits();

    /// <summary>The fixed distribution that it is put on top of, and the order of its n-grams.</summary>
    public virtual (BaseKind Kind, int Order) FixedBase() => (BaseKind.None, 0);

    /// <summary>Whether its units can be resampled exactly given the others, group by group.</summary>
    public virtual bool HasBlockGibbs() => false;

    /// <summary>Classes that the model is conditional on; 0 where it is not.</summary>
    public virtual int ClassCount() => 0;
}

/// <summary>Restricted Boltzmann machine with Bernoulli visible and hidden units.</summary>
public sealed record RbmSpec : EnergySpec
{
    /// <inheritdoc/>
    public override UnitKind StateUnits() => UnitKind.Binary;

    /// <inheritdoc/>
    public override bool HasBlockGibbs() => true;

    /// <inheritdoc/>
    public override int ClassCount() => Classes ?? 0;

    /// <summary>Number of hidden units.</summary>
    [Description("Number of hidden units.")]
    [Bounds(1, 65536)]
    public required int Hidden { get; init; }

    /// <summary>Centred gradient (Melchior, Fischer, Wiskott 2016).</summary>
    [Description("Use the centred gradient (Melchior et al. 2016): offsets follow the data's and "
        + "the hidden units' means.")]
    public bool Centred { get; init; }

    /// <summary>Rate at which the centring offsets follow the means.</summary>
    [Description("With centred: how fast the offsets follow the batch means.")]
    [Bounds(0, 1)]
    public double OffsetRate { get; init; } = 0.01;

    /// <summary>Standard deviation of the initial weights.</summary>
    [Description("Standard deviation of the initial weights.")]
    [Bounds(0, 10)]
    public double WeightScale { get; init; } = 0.01;

    /// <summary>Number of classes.</summary>
    [Description("Number of classes: the model is p(x | class), each class with biases of its own. "
        + "The data needs labels from 0 on.")]
    [Bounds(1, 256)]
    public int? Classes { get; init; }
}

/// <summary>Restricted Boltzmann machine with Gaussian visible units.</summary>
public sealed record GaussianRbmSpec : EnergySpec
{
    /// <inheritdoc/>
    public override UnitKind StateUnits() => UnitKind.Real;

    /// <inheritdoc/>
    public override bool HasBlockGibbs() => true;

    /// <inheritdoc/>
    public override int ClassCount() => Classes ?? 0;

    /// <summary>Number of hidden units.</summary>
    [Description("Number of hidden units.")]
    [Bounds(1, 65536)]
    public required int Hidden { get; init; }

    /// <summary>Standard deviation of a visible unit given the hidden ones.</summary>
    [Description("Standard deviation of a visible unit given the hidden ones.")]
    [Bounds(0, 1000, Above = true)]
    public double Sigma { get; init; } = 1;

    /// <summary>Standard deviation of the initial weights.</summary>
    [Description("Standard deviation of the initial weights.")]
    [Bounds(0, 10)]
    public double WeightScale { get; init; } = 0.01;

    /// <summary>Number of classes.</summary>
    [Description("Number of classes: the model is p(x | class), each class with biases of its own. "
        + "The data needs labels from 0 on.")]
    [Bounds(1, 256)]
    public int? Classes { get; init; }
}

/// <summary>Fully connected network with one output.</summary>
public sealed record MlpSpec : EnergySpec
{
    /// <inheritdoc/>
    public override UnitKind StateUnits() => Units.ToUnitKind();

    /// <inheritdoc/>
    public override int ClassCount() => Classes ?? 0;

    /// <summary>Widths of the hidden layers.</summary>
    [Description("Widths of the hidden layers, for example [128, 64].")]
    [Length(1, 64)]
    [Bounds(1, 65536)]
    public required int[] Hidden { get; init; }

    /// <summary>Nonlinearity between layers.</summary>
    [Description("Nonlinearity between layers.")]
    public Activation Activation { get; init; } = Activation.Silu;

    /// <summary>What the network's inputs are.</summary>
    [Description("What the network's inputs are: real numbers, or binary units.")]
    public NetworkUnits Units { get; init; } = NetworkUnits.Real;

    /// <summary>Number of classes.</summary>
    [Description("Number of classes: the model is p(x | class), each class with biases of its own. "
        + "The data needs labels from 0 on.")]
    [Bounds(1, 256)]
    public int? Classes { get; init; }
}

/// <summary>The small convolutional network of the UvA deep-energy tutorial, for 28x28 images of one channel.</summary>
public sealed record ConvSpec : EnergySpec
{
    /// <inheritdoc/>
    public override UnitKind StateUnits() => Units.ToUnitKind();

    /// <inheritdoc/>
    public override int ClassCount() => Classes ?? 0;

    /// <summary>Base number of features; the layers have half, once, twice and twice as many.</summary>
    [Description("Base number of features; the four convolutions have 1/2, 1, 2 and 2 times as many.")]
    [Bounds(2, 512)]
    public int Features { get; init; } = 32;

    /// <summary>Nonlinearity between layers.</summary>
    [Description("Nonlinearity between layers.")]
    public Activation Activation { get; init; } = Activation.Silu;

    /// <summary>What the network's inputs are.</summary>
    [Description("What the network's inputs are: real numbers, or binary units.")]
    public NetworkUnits Units { get; init; } = NetworkUnits.Real;

    /// <summary>Number of classes.</summary>
    [Description("Number of classes: the model is p(x | class), each class with biases of its own. "
        + "The data needs labels from 0 on.")]
    [Bounds(1, 256)]
    public int? Classes { get; init; }
}

/// <summary>Residual network without normalisation by batches, for images of any size (Du and Mordatch 2019).</summary>
public sealed record ResNetSpec : EnergySpec
{
    /// <inheritdoc/>
    public override UnitKind StateUnits() => Units.ToUnitKind();

    /// <inheritdoc/>
    public override int ClassCount() => Classes ?? 0;

    /// <summary>Channels of each stage; a stage halves the image's sides.</summary>
    [Description("Channels of each stage, for example [128, 256, 512]; each stage halves the image's sides.")]
    [Length(1, 8)]
    [Bounds(1, 4096)]
    public int[] Channels { get; init; } = [32, 64, 128];

    /// <summary>Residual blocks in a stage.</summary>
    [Description("Residual blocks in a stage.")]
    [Bounds(1, 64)]
    public int Blocks { get; init; } = 1;

    /// <summary>Nonlinearity.</summary>
    [Description("Nonlinearity in and after each block; the last one is followed by relu.")]
    public Activation Activation { get; init; } = Activation.Silu;

    /// <summary>What the network's inputs are.</summary>
    [Description("What the network's inputs are: real numbers, or binary units.")]
    public NetworkUnits Units { get; init; } = NetworkUnits.Real;

    /// <summary>Divide each weight but the output's by its largest singular value.</summary>
    [Description("Divide each weight but the output's by its largest singular value, estimated "
        + "by ten power iterations.")]
    public bool SpectralNorm { get; init; }

    /// <summary>Number of classes.</summary>
    [Description("Number of classes: the model is p(x | class), each class with biases of its own. "
        + "The data needs labels from 0 on.")]
    [Bounds(1, 256)]
    public int? Classes { get; init; }
}

/// <summary>A network saved from Python with torch.jit.</summary>
public sealed record TorchScriptSpec : EnergySpec
{
    /// <inheritdoc/>
    public override UnitKind StateUnits() => Units.ToUnitKind();

    /// <summary>The module.</summary>
    [Description("File that torch.jit.save wrote: a module from rows to one energy a row. "
        + "Its parameters are the initial ones.")]
    [FilePath]
    public required string Path { get; init; }

    /// <summary>What its units are.</summary>
    [Description("What the module's inputs are: real numbers, or binary units.")]
    public NetworkUnits Units { get; init; } = NetworkUnits.Real;
}

/// <summary>Nonlinearities.</summary>
public enum Activation
{
    /// <summary>x sigmoid(x).</summary>
    Silu,

    /// <summary>max(x, 0).</summary>
    Relu,

    /// <summary>tanh(x).</summary>
    Tanh,

    /// <summary>log(1 + e^x).</summary>
    Softplus,

    /// <summary>x where it is positive, else 0.2 x.</summary>
    LeakyRelu,
}

/// <summary>What a network's inputs are.</summary>
public enum NetworkUnits
{
    /// <summary>Real numbers.</summary>
    Real,

    /// <summary>0 or 1.</summary>
    Binary,
}

/// <summary>As a kind of unit.</summary>
internal static class NetworkUnitsConversion
{
    /// <summary>The kind of unit.</summary>
    public static UnitKind ToUnitKind(this NetworkUnits units) =>
        units == NetworkUnits.Binary ? UnitKind.Binary : UnitKind.Real;
}
