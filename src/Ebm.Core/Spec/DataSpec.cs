using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Ebm.Core.Spec;

/// <summary>Where rows come from.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(IdxDataSpec), "idx")]
[JsonDerivedType(typeof(NpyDataSpec), "npy")]
[JsonDerivedType(typeof(CsvDataSpec), "csv")]
[JsonDerivedType(typeof(CifarDataSpec), "cifar10")]
[JsonDerivedType(typeof(PngDataSpec), "png")]
[JsonDerivedType(typeof(ToyDataSpec), "toy")]
[JsonDerivedType(typeof(GrayDataSpec), "gray")]
[JsonDerivedType(typeof(ModelDataSpec), "model")]
[JsonDerivedType(typeof(TextDataSpec), "text")]
public abstract record DataSpec
{
    /// <summary>How values become 0 or 1.</summary>
    [Description("How values become binary: not at all, by threshold, or drawn anew with the value as probability.")]
    public Binarise Binarise { get; init; } = Binarise.None;

    /// <summary>Threshold on the scaled value, in [0, 1] of the stored range.</summary>
    [Description("With binarise: threshold, values above this share of the stored range become 1.")]
    [Bounds(0, 1)]
    public double Threshold { get; init; } = 0.5;

    /// <summary>
    /// Real range that the stored range (0 to 255 for uint8, observed minimum to maximum otherwise) is scaled to.
    /// </summary>
    [Description("Two numbers: the range that values are scaled to. uint8 data: default [0, 1]; other data: as it is.")]
    [Length(2, 2)]
    [Bounds(-1e6, 1e6)]
    public double[]? Range { get; init; }

    /// <summary>Rows held out from training, by a keyed shuffle.</summary>
    [Description("Training rows held out for validation.")]
    [Bounds(0, 1e9)]
    public int Validation { get; init; }

    /// <summary>Rows held out for test, by the same shuffle, where there is no test file.</summary>
    [Description("Training rows held out for test, where no test file is given.")]
    [Bounds(0, 1e9)]
    public int Test { get; init; }

    /// <summary>Keep at most this many training rows (the first ones); 0 keeps all.</summary>
    [Description("Use at most this many training rows; 0 uses all.")]
    [Bounds(0, 1e9)]
    public int Limit { get; init; }
}

/// <summary>How values become binary.</summary>
public enum Binarise
{
    /// <summary>Left as they are.</summary>
    None,

    /// <summary>1 above a threshold ("static" data).</summary>
    Threshold,

    /// <summary>1 with the value as probability, drawn anew each time a row is used ("dynamic" data).</summary>
    Sample,
}

/// <summary>IDX files (the format of MNIST), plain or gzipped.</summary>
public sealed record IdxDataSpec : DataSpec
{
    /// <summary>Images.</summary>
    [Description("IDX file of the training rows, may be gzipped.")]
    [FilePath]
    public required string Path { get; init; }

    /// <summary>Classes of the training rows.</summary>
    [Description("IDX file of the training labels.")]
    [FilePath]
    public string? Labels { get; init; }

    /// <summary>Rows for the final evaluation.</summary>
    [Description("IDX file of the test rows.")]
    [FilePath]
    public string? TestPath { get; init; }

    /// <summary>Classes of the test rows.</summary>
    [Description("IDX file of the test labels.")]
    [FilePath]
    public string? TestLabels { get; init; }
}

/// <summary>NumPy array files.</summary>
public sealed record NpyDataSpec : DataSpec
{
    /// <summary>Rows.</summary>
    [Description("NPY file of the training rows: float32, float64 or uint8, first axis rows.")]
    [FilePath]
    public required string Path { get; init; }

    /// <summary>Rows for the final evaluation.</summary>
    [Description("NPY file of the test rows.")]
    [FilePath]
    public string? TestPath { get; init; }
}

/// <summary>Comma-separated numbers.</summary>
public sealed record CsvDataSpec : DataSpec
{
    /// <summary>Rows.</summary>
    [Description("CSV file of the training rows: numbers, with or without a header line.")]
    [FilePath]
    public required string Path { get; init; }

    /// <summary>Rows for the final evaluation.</summary>
    [Description("CSV file of the test rows.")]
    [FilePath]
    public string? TestPath { get; init; }

    /// <summary>Column that holds the class.</summary>
    [Description("Name (or number, from 1) of the column that holds a label and is not a feature.")]
    public string? LabelColumn { get; init; }
}

/// <summary>Lines of text.</summary>
public sealed record TextDataSpec : DataSpec
{
    /// <summary>Lines.</summary>
    [Description("Text file (UTF-8, may be gzipped) of the training rows, a line each.")]
    [FilePath]
    public required string Path { get; init; }

    /// <summary>Lines for the final evaluation.</summary>
    [Description("Text file of the test rows.")]
    [FilePath]
    public string? TestPath { get; init; }

    /// <summary>The characters, which are categories in this order.</summary>
    [Description("The characters that lines consist of, in one string; if absent, those of the training file.")]
    public string? Alphabet { get; init; }

    /// <summary>Characters in a row.</summary>
    [Description("Characters in a row; shorter lines are padded. 0 is the length of the training file's longest line.")]
    [Bounds(0, 4096)]
    public int Length { get; init; }
}

/// <summary>CIFAR-10 in its binary version.</summary>
public sealed record CifarDataSpec : DataSpec
{
    /// <summary>Its folder.</summary>
    [Description("Folder of CIFAR-10's binary version: data_batch_1.bin to data_batch_5.bin, and "
        + "test_batch.bin for the test rows.")]
    [FilePath]
    public required string Path { get; init; }
}

/// <summary>A folder of PNG images.</summary>
public sealed record PngDataSpec : DataSpec
{
    /// <summary>Rows.</summary>
    [Description("Folder of the training images: PNG files, or a subfolder of them for each class.")]
    [FilePath]
    public required string Path { get; init; }

    /// <summary>Rows for the final evaluation.</summary>
    [Description("Folder of the test images, with subfolders of the same names.")]
    [FilePath]
    public string? TestPath { get; init; }

    /// <summary>1 for grey values, 3 for colours.</summary>
    [Description("1 for grey values, 3 for red, green and blue.")]
    [Bounds(1, 3)]
    public int Channels { get; init; } = 3;

    /// <summary>Height and width to which images are resized.</summary>
    [Description("Height and width: images of another size are resized, each pixel a mean over an area. None: "
        + "all must have one size.")]
    [Length(2, 2)]
    [Bounds(1, 4096)]
    public int[]? Size { get; init; }
}

/// <summary>Generated 2-D densities.</summary>
public sealed record ToyDataSpec : DataSpec
{
    /// <summary>Which density.</summary>
    [Description("Which density the points are drawn from.")]
    public required ToyDensity Density { get; init; }

    /// <summary>Number of training rows.</summary>
    [Description("Number of points.")]
    [Bounds(1, 1e8)]
    public int Count { get; init; } = 20000;

    /// <summary>Standard deviation of the noise around the shape.</summary>
    [Description("Standard deviation of the Gaussian noise around the shape.")]
    [Bounds(0, 10)]
    public double Noise { get; init; } = 0.1;

    /// <summary>Independent features, for the Gaussian-mixture toy.</summary>
    [Description("With density: mixture, the number of features; the others have 2.")]
    [Bounds(1, 4096)]
    public int Features { get; init; } = 2;
}

/// <summary>The toy densities.</summary>
public enum ToyDensity
{
    /// <summary>Two interleaved half circles.</summary>
    TwoMoons,

    /// <summary>Eight Gaussians on a circle.</summary>
    EightGaussians,

    /// <summary>Concentric circles.</summary>
    Rings,

    /// <summary>Five twisted arms.</summary>
    Pinwheel,

    /// <summary>A correlated mixture of Gaussians in any number of features.</summary>
    Mixture,
}
