using System.Globalization;
using Ebm.Core;
using Ebm.Core.Datasets;
using Ebm.Core.States;
using Ebm.Data.Files;
using static TorchSharp.torch;

namespace Ebm.Data.Images;

/// <summary>
/// Images of a folder, one row each, in ordinal order of file names; or of its subfolders, one per class, in order of
/// subfolder and file name. Other files are ignored.
/// </summary>
internal static class PngFolder
{
    private const string Pattern = "*.png";
    private const int MostClasses = 256;

    private static readonly EnumerationOptions AnyCase = new() { MatchCasing = MatchCasing.CaseInsensitive };

    /// <summary>
    /// Labels of the subfolders of a folder, each a class: their numbers in ordinal order, or, if all names are
    /// different integers, those integers. Null for a folder without subfolders.
    /// </summary>
    /// <exception cref="InputException">The folder does not exist, or has more than 256 classes.</exception>
    public static IReadOnlyDictionary<string, int>? Classes(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new InputException($"{folder}: no such folder; "
                + "expected one with PNG files, or with one subfolder per class.");
        }

        string[] names = [.. Directory.EnumerateDirectories(folder).Select(d => Path.GetFileName(d)!)
            .Order(StringComparer.Ordinal)];
        if (names.Length == 0)
        {
            return null;
        }

        if (names.Length > MostClasses)
        {
            throw new InputException($"{folder}: has {names.Length} subfolders; "
                + $"expected at most {MostClasses}, one per class.");
        }

        int?[] numbers = Array.ConvertAll(names, Number);
        return numbers.All(n => n is not null) && numbers.Distinct().Count() == names.Length
            ? names.Zip(numbers, (name, number) => (name, number!.Value)).ToDictionary()
            : names.Select((name, i) => (name, i)).ToDictionary();
    }

    /// <summary>Reads a folder or a single file; uint8, unscaled.</summary>
    /// <param name="path">The folder or file.</param>
    /// <param name="reading">Channels, size and classes.</param>
    /// <param name="limit">Most bytes of values.</param>
    /// <exception cref="InputException">A file is damaged, of another size, or too large; the message names
    /// it.</exception>
    public static DataRows Read(string path, PngReading reading, long limit = DataFile.DefaultLimit)
    {
        var (files, labels) = File.Exists(path) ? ([path], null) : Files(path, reading.Classes);
        using var scope = NewDisposeScope();
        var shape = ShapeOf(files[0], reading);
        if ((long)files.Length * shape.Length > limit)
        {
            throw new InputException($"{path}: {files.Length} images of {shape} exceed the limit of {limit} bytes.");
        }

        var rows = empty([files.Length, shape.Length], ScalarType.Byte);
        for (var i = 0; i < files.Length; i++)
        {
            using var row = rows[i];
            Pixels(files[i], shape, reading.Size is not null, files[0]).CopyTo(row.bytes);
        }

        return new DataRows(rows, 1, 0, labels, shape);
    }

    private static (string[] Files, int[]? Labels) Files(string folder, IReadOnlyDictionary<string, int>? known)
    {
        string[] direct = Sorted(folder);
        if (Classes(folder) is not { } classes)
        {
            return direct.Length > 0
                ? (direct, null)
                : throw new InputException($"{folder}: has no PNG file ({Pattern}).");
        }

        if (direct.Length > 0)
        {
            throw new InputException(
                $"{direct[0]}: is beside subfolders, which are classes; "
                    + "move it into one of them, or move the subfolders away.");
        }

        known ??= classes;
        var files = new List<string>();
        var labels = new List<int>();
        foreach (var name in classes.Keys.Order(StringComparer.Ordinal))
        {
            var label = known.TryGetValue(name, out var number) ? number : throw new InputException(
                $"{Path.Combine(folder, name)}: is not a class of the training data; expected "
                + $"{string.Join(", ", known.Keys.Order(StringComparer.Ordinal).Take(20))}.");
            var own = Sorted(Path.Combine(folder, name));
            if (own.Length == 0)
            {
                throw new InputException($"{Path.Combine(folder, name)}: has no PNG file ({Pattern}); "
                    + "each subfolder is a class and needs one.");
            }

            files.AddRange(own);
            labels.AddRange(Enumerable.Repeat(label, own.Length));
        }

        return ([.. files], [.. labels]);
    }

    private static string[] Sorted(string folder) =>
        [.. Directory.EnumerateFiles(folder, Pattern, AnyCase).Order(StringComparer.Ordinal)];

    private static ImageShape ShapeOf(string first, PngReading reading)
    {
        if (reading.Shape is { } known)
        {
            return known;
        }

        using var image = PngImage.Open(first);
        var shape = image.GetShape(reading.Channels ?? (image.IsGrey ? 1 : 3));
        return reading.Size is [var height, var width] ? shape with { Height = height, Width = width } : shape;
    }

    private static byte[] Pixels(string file, ImageShape wanted, bool resize, string first)
    {
        using var image = PngImage.Open(file);
        var shape = image.GetShape(wanted.Channels);
        return shape == wanted ? image.Decode(wanted.Channels)
            : resize ? AreaMean.Resize(image.Decode(wanted.Channels), shape, wanted)
            : throw new InputException(
                $"{file}: has {shape.Width}x{shape.Height} pixels; expected {wanted.Width}x{wanted.Height}, "
                + (file == first ? "as the training images have" : $"as {Path.GetFileName(first)} has")
                + ". data.size: [height, width] resizes images.");
    }

    private static int? Number(string name) =>
        byte.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
