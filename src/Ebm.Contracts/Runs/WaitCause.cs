using System.Text.Json.Serialization;

namespace Ebm.Contracts.Runs;

/// <summary>Things that a run waits for.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<WaitReason>))]
internal enum WaitReason
{
    /// <summary>The store of all silos does not answer, or takes no writes.</summary>
    Store,

    /// <summary>No silo has the device or the numerics that the run needs.</summary>
    Silo,
}

/// <summary>Why a run waits.</summary>
/// <param name="Reason">The reason.</param>
/// <param name="Problem">The same for people, such as <c>no cuda device</c>.</param>
[GenerateSerializer, Immutable, Alias("ebm.WaitCause")]
internal sealed record WaitCause([property: Id(0)] WaitReason Reason, [property: Id(1)] string Problem);
