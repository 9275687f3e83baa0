namespace Ebm.Contracts.Placement;

/// <summary>
/// What a run's grains need of the silo that they are placed on. It travels beside a call, because placement happens
/// before the grain that is called could say anything.
/// </summary>
/// <param name="Device">Kind of device: <c>cpu</c> or <c>cuda</c>.</param>
/// <param name="Numerics">The fingerprint that the silo must have, or null for any.</param>
/// <param name="Avoid">Address of a silo that is about to stop, or null.</param>
[GenerateSerializer, Immutable, Alias("ebm.RunNeeds")]
internal sealed record RunRequirements(
    [property: Id(0)] string Device, [property: Id(1)] string? Numerics = null, [property: Id(2)] string? Avoid = null)
{
    /// <summary>Name of the entry beside a call.</summary>
    public const string ContextKey = "ebm.needs";

    /// <summary>Attaches them to the calls that the current flow of control makes from now on.</summary>
    public void Attach() => RequestContext.Set(ContextKey, this);

    /// <summary>What is missing where no silo meets them, in the words of a run's status.</summary>
    public string Missing =>
        Numerics is null ? $"no {Device} device" : $"no {Device} device with numerics '{Numerics}'";
}
