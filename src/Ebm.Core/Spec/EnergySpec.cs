using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Ebm.Core.Energies;

namespace Ebm.Core.Spec;

/// <summary>The energy function.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(RbmSpec), "rbm")]
[JsonDerivedType(typeof(GaussianRbmSpec), "gaussian-rbm")]
[JsonDerivedType(typeof(MlpSpec), "mlp")]
[JsonDerivedType(typeof(ConvSpec), "conv")]
public abstract record EnergySpec
{
    /// <summary>What its units are.</summary>
    public abstract UnitKind StateUnits();

    /// <summary>Whether its units can be resampled exactly given the others, group by group.</summary>
    public virtual bool HasBlockGibbs() => false;
}

/// <summary>Restricted Boltzmann machine with Bernoulli visible and hidden units.</summary>
public sealed record RbmSpec : EnergySpec
{
    /// <inheritdoc/>
    public override UnitKind StateUnits() => UnitKind.Binary;

    /// <inheritdoc/>
    public override bool HasBlockGibbs() => true;

    /// <summary>Number of hidden units.</summary>
    [Description("Number of hidden units.")]
    [Bounds(1, 65536)]
    public required int Hidden { get; init; }

    /// <summary>Centred gradient (Melchior, Fischer, Wiskott 2016).</summary>
    [Description("Use the centred gradient (Melchior et al. 2016): offsets follow the data's and the hidden units' means.")]
    public bool Centred { get; init; }

    /// <summary>Rate at which the centring offsets follow the means.</summary>
    [Description("With centred: how fast the offsets follow the batch means.")]
    [Bounds(0, 1)]
    public double OffsetRate { get; init; } = 0.01;

    /// <summary>Standard deviation of the initial weights.</summary>
    [Description("Standard deviation of the initial weights.")]
    [Bounds(0, 10)]
    public double WeightScale { get; init; } = 0.01;
}

/// <summary>Restricted Boltzmann machine with Gaussian visible units.</summary>
public sealed record GaussianRbmSpec : EnergySpec
{
    /// <inheritdoc/>
    public override UnitKind StateUnits() => UnitKind.Real;

    /// <inheritdoc/>
    public override bool HasBlockGibbs() => true;

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
}

/// <summary>Fully connected network with one output.</summary>
public sealed record MlpSpec : EnergySpec
{
    /// <inheritdoc/>
    public override UnitKind StateUnits() => UnitKind.Real;

    /// <summary>Widths of the hidden layers.</summary>
    [Description("Widths of the hidden layers, for example [128, 64].")]
    [Length(1, 64)]
    [Bounds(1, 65536)]
    public required int[] Hidden { get; init; }

    /// <summary>Nonlinearity between layers.</summary>
    [Description("Nonlinearity between layers.")]
    public Activation Activation { get; init; } = Activation.Silu;
}

/// <summary>The small convolutional network of the UvA deep-energy tutorial, for 28x28 images of one channel.</summary>
public sealed record ConvSpec : EnergySpec
{
    /// <inheritdoc/>
    public override UnitKind StateUnits() => UnitKind.Real;

    /// <summary>Base number of features; the layers have half, once, twice and twice as many.</summary>
    [Description("Base number of features; the four convolutions have 1/2, 1, 2 and 2 times as many.")]
    [Bounds(2, 512)]
    public int Features { get; init; } = 32;

    /// <summary>Nonlinearity between layers.</summary>
    [Description("Nonlinearity between layers.")]
    public Activation Activation { get; init; } = Activation.Silu;
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
}
