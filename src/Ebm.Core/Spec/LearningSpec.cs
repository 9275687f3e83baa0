using System.ComponentModel;
using System.Text.Json.Serialization;

namespace Ebm.Core.Spec;

/// <summary>Contrastive divergence and its optimiser.</summary>
public sealed record LearningSpec
{
    /// <summary>Parameter updates; excludes <see cref="Epochs"/>.</summary>
    [Description("Number of rounds (parameter updates). Exactly one of rounds and epochs.")]
    [Bounds(1, 1e9)]
    public int? Rounds { get; init; }

    /// <summary>Passes over the training rows; excludes <see cref="Rounds"/>.</summary>
    [Description("Passes over the training rows. Exactly one of rounds and epochs.")]
    [Bounds(0, 1e6, Above = true)]
    public double? Epochs { get; init; }

    /// <summary>Data rows a round.</summary>
    [Description("Data rows in a round.")]
    [Bounds(1, 1e6)]
    public int Batch { get; init; } = 64;

    /// <summary>The update rule.</summary>
    [Description("The update rule.")]
    public OptimiserSpec Optimiser { get; init; } = new AdamSpec();

    /// <summary>How the rate changes over the rounds.</summary>
    [Description("How the learning rate changes over the rounds.")]
    public ScheduleSpec Schedule { get; init; } = new ConstantScheduleSpec();

    /// <summary>Rounds over which the rate rises linearly from 0.</summary>
    [Description("Rounds over which the learning rate rises linearly to its full value.")]
    [Bounds(0, 1e9)]
    public int Warmup { get; init; }

    /// <summary>Added times the parameter to the gradient (sgd, adam), or decoupled (adamw).</summary>
    [Description("Weight decay: L2 in the gradient (sgd, adam) or decoupled (adamw).")]
    [Bounds(0, 1e3)]
    public double WeightDecay { get; init; }

    /// <summary>Penalty l1 times the sum of absolute weights.</summary>
    [Description("Penalty on the absolute values of weights (not of biases and fields): "
        + "after an update they move towards 0 by rate l1, and stop there.")]
    [Bounds(0, 1e3)]
    public double L1 { get; init; }

    /// <summary>Sets small weights to 0 for good.</summary>
    [Description("Sets small weights to 0 for good, and lets the others go on without l1.")]
    public PruneSpec? Prune { get; init; }

    /// <summary>Penalty a: a (mean E(x+)^2 + mean E(x-)^2).</summary>
    [Description("Penalty on the squared energies of data and negatives, so that they do not drift.")]
    [Bounds(0, 1e6)]
    public double EnergyL2 { get; init; }

    /// <summary>Largest Euclidean norm of the gradient; none if absent.</summary>
    [Description("Scale the gradient down to this Euclidean norm where it is larger.")]
    [Bounds(0, 1e12, Above = true)]
    public double? GradientClip { get; init; }

    /// <summary>Standard deviation of Gaussian noise on data rows.</summary>
    [Description("Standard deviation of the Gaussian noise added to data rows.")]
    [Bounds(0, 1e3)]
    public double DataNoise { get; init; }

    /// <summary>Decay of the moving average of the parameters; 0 keeps none.</summary>
    [Description("Decay of the exponential moving average of the parameters, used for samples and evaluation; "
        + "0 is none.")]
    [Bounds(0, 0.9999999)]
    public double Ema { get; init; }

    /// <summary>Versions that the negatives lag behind.</summary>
    [Description("How many versions behind the newest the negatives are sampled from; 0 is fully synchronous.")]
    [Bounds(0, 16)]
    public int Lag { get; init; }
}

/// <summary>When and which weights become 0 for good.</summary>
public sealed record PruneSpec
{
    /// <summary>The round.</summary>
    [Description("The round after whose update weights are pruned; l1 ends with it.")]
    [Bounds(1, 1e9)]
    public required int After { get; init; }

    /// <summary>What is small.</summary>
    [Description("Weights whose absolute value is below this become 0, and stay there.")]
    [Bounds(0, 1e6)]
    public required double Below { get; init; }
}

/// <summary>The update rule.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(SgdSpec), "sgd")]
[JsonDerivedType(typeof(AdamSpec), "adam")]
[JsonDerivedType(typeof(AdamWSpec), "adamw")]
public abstract record OptimiserSpec
{
    /// <summary>Learning rate.</summary>
    [Description("Learning rate.")]
    [Bounds(0, 1e3, Above = true)]
    public double Rate { get; init; } = 1e-3;
}

/// <summary>Stochastic gradient descent, with momentum: m &lt;- momentum m + g; theta &lt;- theta - rate m.</summary>
public sealed record SgdSpec : OptimiserSpec
{
    /// <summary>Momentum.</summary>
    [Description("Momentum.")]
    [Bounds(0, 0.9999)]
    public double Momentum { get; init; }
}

/// <summary>Adam (Kingma and Ba 2015).</summary>
public sealed record AdamSpec : OptimiserSpec
{
    /// <summary>Decay of the mean of gradients.</summary>
    [Description("Decay of the gradients' mean.")]
    [Bounds(0, 0.999999)]
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Decay of the mean of squared gradients.</summary>
    [Description("Decay of the squared gradients' mean.")]
    [Bounds(0, 0.9999999)]
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Added to the root of the second moment.</summary>
    [Description("Added to the root of the second moment.")]
    [Bounds(0, 1, Above = true)]
    public double Epsilon { get; init; } = 1e-8;
}

/// <summary>Adam with decoupled weight decay (Loshchilov and Hutter 2019).</summary>
public sealed record AdamWSpec : OptimiserSpec
{
    /// <summary>Decay of the mean of gradients.</summary>
    [Description("Decay of the gradients' mean.")]
    [Bounds(0, 0.999999)]
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Decay of the mean of squared gradients.</summary>
    [Description("Decay of the squared gradients' mean.")]
    [Bounds(0, 0.9999999)]
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Added to the root of the second moment.</summary>
    [Description("Added to the root of the second moment.")]
    [Bounds(0, 1, Above = true)]
    public double Epsilon { get; init; } = 1e-8;
}

/// <summary>Learning rate over the rounds.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(ConstantScheduleSpec), "constant")]
[JsonDerivedType(typeof(LinearScheduleSpec), "linear")]
[JsonDerivedType(typeof(StepScheduleSpec), "step")]
public abstract record ScheduleSpec;

/// <summary>The same rate throughout.</summary>
public sealed record ConstantScheduleSpec : ScheduleSpec;

/// <summary>Linear from the full rate in the first round to a share of it in the last.</summary>
public sealed record LinearScheduleSpec : ScheduleSpec
{
    /// <summary>Share of the rate left in the last round.</summary>
    [Description("Share of the learning rate left in the last round.")]
    [Bounds(0, 1)]
    public double Final { get; init; }
}

/// <summary>Multiplied by a factor every so many rounds.</summary>
public sealed record StepScheduleSpec : ScheduleSpec
{
    /// <summary>Rounds between two changes.</summary>
    [Description("Rounds between two changes of the learning rate.")]
    [Bounds(1, 1e9)]
    public required int Every { get; init; }

    /// <summary>Factor of each change.</summary>
    [Description("Factor of each change.")]
    [Bounds(0, 1, Above = true)]
    public double Factor { get; init; } = 0.97;
}
