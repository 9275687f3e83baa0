// A small VAE and a small GAN on the MNIST that the energies learn, and one measure for images of all of them.
//
// dotnet run -c Release --project bench/Ebm.Compare -- train OUT [vae] [gan] trains both, or those named; samples go to
//                                                                              OUT, metrics to the console
// dotnet run -c Release --project bench/Ebm.Compare -- measure NAME=FILE MMD of others' images (NPY, IDX), such as `ebm
// sample --npy`
using System.Diagnostics;
using System.Globalization;
using Ebm.Compare;
using Ebm.Core.Evaluation;
using Ebm.Core.Native;
using static TorchSharp.torch;

const int Count = 1000, Weights = 200, Images = 10_000;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
TorchLibrary.EnsureLoaded();
set_num_threads(1);
using var digits = new Digits("data/mnist");
switch (args)
{
    case ["train", var folder, .. var names] when names.All(name => name is "vae" or "gan"):
        Directory.CreateDirectory(folder);
        foreach (var (name, train) in new[] { ("vae", (Action<string>)TrainVae), ("gan", TrainGan) })
        {
            if (names.Length == 0 || names.Contains(name))
            {
                random.manual_seed(1);
                train(folder);
            }
        }

        MeasureOthers();
        return 0;
    case ["measure", .. var files] when files.Length > 0
        && files.All(file => file.Contains('=', StringComparison.Ordinal)):
        foreach (var (name, file) in files.Select(
            f => (f.Split('=')[0], f[(f.IndexOf('=', StringComparison.Ordinal) + 1)..])))
        {
            Measure(name, Digits.Read(file));
        }

        MeasureOthers();
        return 0;
    default:
        Console.Error.WriteLine("expected: train OUT [vae] [gan], or: measure NAME=FILE [NAME=FILE ...]; "
            + "in the repository's root");
        return 2;
}

void TrainVae(string folder)
{
    using var vae = new Vae();
    var seconds = Processor();
    vae.Train(digits, bound => Console.WriteLine($"vae: bound {bound:f2} nats, {Processor() - seconds:f0} s"));
    Console.WriteLine($"vae: {vae.Size} parameters, {Processor() - seconds:f0} s of one core");
    var (mean, error) = vae.Bound(digits, Weights, Images);
    Console.WriteLine($"vae: log p(x) at least {mean:f2} +- {error:f2} nats (IWAE bound, k = {Weights}, {Images} "
        + "thresholded test images)");
    var probabilities = vae.Sample(Count);
    Digits.Write(Path.Combine(folder, "vae"), probabilities);
    Measure("vae", bernoulli(probabilities));
}

void TrainGan(string folder)
{
    using var gan = new Gan();
    var seconds = Processor();
    gan.Train(digits, (told, fooled) => Console.WriteLine(
        $"gan: losses {told:f3} {fooled:f3}, {Processor() - seconds:f0} s"));
    Console.WriteLine($"gan: {gan.Size} parameters, {Processor() - seconds:f0} s of one core");
    var grey = gan.Sample(Count);
    Digits.Write(Path.Combine(folder, "gan"), grey);
    Measure("gan", grey);
}

void Measure(string name, Tensor images)
{
    MaximumMeanDiscrepancy found = digits.Against(images);
    Console.WriteLine($"{name}: MMD^2 {found.Squared:g3} +- {found.StandardError:g2} of {images.shape[0]} "
        + "images against test images");
}

// The measure of images of the same distribution.
void MeasureOthers() => Measure("other test images", digits.Test(5, Count, every: 10));

static double Processor() => Process.GetCurrentProcess().TotalProcessorTime.TotalSeconds;
