using System.Text.Json;
using System.Text.Json.Nodes;
using Ebm.Core.Checkpoints;
using Ebm.Core.Datasets;
using Ebm.Core.Energies;
using Ebm.Core.Energies.TorchScript;
using Ebm.Core.Spec;

namespace Ebm.Core.Export;

/// <summary>
/// A model for other programs: its parameters by name (safetensors), and a description in plain terms, from which the
/// same energies can be computed without this program. For TorchScript also the module with these parameters.
/// </summary>
internal static class ModelExport
{
    /// <summary>Names of the files.</summary>
    public const string ParametersFile = "parameters.safetensors", ConstantsFile = "constants.safetensors",
        DescriptionFile = "model.json", ModuleFile = "module.pt";

    // People read it: characters that are not dangerous in a file of its own are written as they are.
    private static readonly JsonSerializerOptions Page = new()
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The files, the description last: where it is, the others are.</summary>
    /// <param name="spec">The energy's record.</param>
    /// <param name="energy">The energy.</param>
    /// <param name="parameters">Its parameters, on any device.</param>
    /// <param name="reading">How stored rows become states.</param>
    /// <param name="origin">Where the parameters come from.</param>
    /// <exception cref="InputException">The energy is code of an assembly.</exception>
    public static IReadOnlyList<ExportedFile> Of(
        EnergySpec spec, IEnergy energy, Parameters parameters, RowReading reading, ExportOrigin origin)
    {
        if (spec is AssemblyEnergySpec assembly)
        {
            throw new InputException(
                $"a model of energy assembly cannot be exported: its formula is the code of {assembly.Path}. "
                + "Use ebm sample, score and evaluate; the parameters are in the checkpoint's parameters.safetensors.");
        }

        var layout = energy.Layout;
        NamedTensor[] tensors = [.. layout.Entries.Select((e, i) => NamedTensor.Of(e.Name, parameters[i]))];
        var constants = ExportConstants.Of(energy);
        var files = new List<ExportedFile> { new(ParametersFile, Bytes(tensors)) };
        if (constants.Count > 0)
        {
            files.Add(new(ConstantsFile, Bytes(constants)));
        }

        if (energy is ScriptEnergy script)
        {
            files.Add(new(ModuleFile, Saved(script, parameters)));
        }

        var description = new JsonObject
        {
            ["format"] = "ebm-model-1",
            ["model"] = energy.Classes == 0 ? "p(x) = exp(-E(x)) / Z" : "p(x | y) = exp(-E(x, y)) / Z(y)",
            ["energy"] = EnergyDescription.Of(spec, energy),
            ["states"] = EnergyDescription.Of(energy.Space),
            ["rows"] = Rows(reading),
            ["parameters"] = new JsonObject
            {
                ["file"] = ParametersFile,
                ["type"] = "float32",
                ["count"] = layout.Length,
                ["layout"] = new JsonArray([.. layout.Entries.Select(e => new JsonObject
                {
                    ["name"] = e.Name,
                    ["shape"] = EnergyDescription.Numbers(e.Shape),
                    ["offset"] = e.Offset,
                })]),
            },
            ["constants"] = constants.Count > 0 ? ConstantsFile : null,
            ["provenance"] = origin.Describe(StateDigest.Of(NamedTensor.Of("parameters", parameters.Flat).Bytes.Span)),
        };
        files.Add(new(DescriptionFile, [.. JsonSerializer.SerializeToUtf8Bytes(description, Page), (byte)'\n']));
        return files;
    }

    private static JsonObject Rows(RowReading reading) => new()
    {
        ["stored"] = reading.Bytes ? "uint8" : "float32",
        ["scale"] = reading.Scale,
        ["shift"] = reading.Shift,
        ["binarise"] = SpecShape.NameOf(reading.Binarise),
        ["cut"] = reading.Binarise == Binarise.Threshold ? reading.Cut : null,
        ["text"] = reading.Alphabet is { } alphabet
            ? new JsonObject { ["characters"] = alphabet.Characters, ["length"] = alphabet.Length,
                ["padding"] = alphabet.Padding }
            : null,
    };

    private static byte[] Bytes(IReadOnlyList<NamedTensor> tensors)
    {
        using var stream = new MemoryStream();
        Safetensors.Write(stream, tensors);
        return stream.ToArray();
    }

    // libtorch writes to files only.
    private static byte[] Saved(ScriptEnergy script, Parameters parameters)
    {
        var folder = Directory.CreateTempSubdirectory("ebm-export-");
        try
        {
            var path = Path.Combine(folder.FullName, ModuleFile);
            script.Save(parameters, path);
            return File.ReadAllBytes(path);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}

/// <summary>A file of an export.</summary>
internal sealed record ExportedFile(string Name, byte[] Content);
