using k8s;
using k8s.Models;

namespace Ebm.Deploy.Tests;

/// <summary>KEDA's keda.sh/v1alpha1 ScaledObject, as far as it is used here; an unknown field is an error.</summary>
public sealed class ScaledObject : IKubernetesObject<V1ObjectMeta>
{
    /// <summary>Its kind among the types that are read.</summary>
    public const string Form = "keda.sh/v1alpha1/ScaledObject";

    /// <inheritdoc/>
    public string ApiVersion { get; set; } = "";

    /// <inheritdoc/>
    public string Kind { get; set; } = "";

    /// <inheritdoc/>
    public V1ObjectMeta Metadata { get; set; } = new();

    /// <summary>What is asked for.</summary>
    public ScaledObjectSpec Spec { get; set; } = new();
}

/// <summary>What is scaled, by what, and how far.</summary>
public sealed class ScaledObjectSpec
{
    /// <summary>What is scaled.</summary>
    public V2CrossVersionObjectReference ScaleTargetRef { get; set; } = new();

    /// <summary>Seconds between two polls of the triggers.</summary>
    public int PollingInterval { get; set; } = 30;

    /// <summary>Fewest replicas.</summary>
    public int MinReplicaCount { get; set; }

    /// <summary>Most replicas.</summary>
    public int MaxReplicaCount { get; set; } = 100;

    /// <summary>How fast.</summary>
    public ScaledObjectAdvanced? Advanced { get; set; }

    /// <summary>By what.</summary>
    public IList<ScaledObjectTrigger> Triggers { get; set; } = [];
}

/// <summary>Settings that are not often changed.</summary>
public sealed class ScaledObjectAdvanced
{
    /// <summary>Those of the autoscaler that is made.</summary>
    public ScaledObjectAutoscaler? HorizontalPodAutoscalerConfig { get; set; }
}

/// <summary>Settings of the autoscaler.</summary>
public sealed class ScaledObjectAutoscaler
{
    /// <summary>How fast it scales.</summary>
    public V2HorizontalPodAutoscalerBehavior? Behavior { get; set; }
}

/// <summary>A number that decides.</summary>
public sealed class ScaledObjectTrigger
{
    /// <summary>Where it is from.</summary>
    public string Type { get; set; } = "";

    /// <summary>How it is compared with the threshold: <c>Value</c> or <c>AverageValue</c>.</summary>
    public string MetricType { get; set; } = "AverageValue";

    /// <summary>Settings of the source.</summary>
    public IDictionary<string, string> Metadata { get; set; } = new Dictionary<string, string>();
}
