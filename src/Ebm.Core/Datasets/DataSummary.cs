namespace Ebm.Core.Datasets;

/// <summary>What initialisation may know of the training data.</summary>
/// <param name="Mean">Mean of each feature, after scaling and binarisation; [features].</param>
public sealed record DataSummary(float[] Mean);
