using System.Globalization;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Runtime.InteropServices;
using TorchSharp;

namespace Ebm.Core.Energies.Assemblies;

/// <summary>
/// An assembly as a file. It may reference Ebm.Core, TorchSharp and the .NET base library alone: then its digest covers
/// all code that the energy brings. This is checked without loading it.
/// </summary>
/// <param name="Path">Its path.</param>
/// <param name="Bytes">Its content.</param>
/// <param name="Sha256">SHA-256 (hex) of the content.</param>
internal sealed record AssemblyFile(string Path, byte[] Bytes, string Sha256)
{
    private const string HowToBuild = "Build a class library for net10.0 that references Ebm.Core, and name its .dll.";

    private static readonly Dictionary<string, Version> Host = new(StringComparer.OrdinalIgnoreCase)
    {
        [typeof(IEnergy).Assembly.GetName().Name!] = typeof(IEnergy).Assembly.GetName().Version!,
        [typeof(torch).Assembly.GetName().Name!] = typeof(torch).Assembly.GetName().Version!,
    };

    private static readonly Dictionary<string, string> BaseLibrary =
        Directory.GetFiles(RuntimeEnvironment.GetRuntimeDirectory(), "*.dll").ToDictionary(
            file => System.IO.Path.GetFileNameWithoutExtension(file), StringComparer.OrdinalIgnoreCase);

    /// <summary>Reads a file.</summary>
    /// <exception cref="InputException">It is missing, not a .NET assembly, or references what it may not.</exception>
    public static AssemblyFile Read(string path)
    {
        var (bytes, sha256) = EnergyFile.Read(path, "assembly", HowToBuild);
        try
        {
            using var image = new PEReader(new MemoryStream(bytes, writable: false));
            if (!image.HasMetadata || image.GetMetadataReader() is not { IsAssembly: true } metadata)
            {
                throw EnergyFile.Bad(path, $"is a library without .NET code. {HowToBuild}");
            }

            foreach (var reference in metadata.AssemblyReferences)
            {
                CheckReference(path, metadata.GetAssemblyReference(reference).GetAssemblyName());
            }

            if (metadata.GetTableRowCount(TableIndex.ModuleRef) > 0)
            {
                var native = metadata.GetModuleReference(MetadataTokens.ModuleReferenceHandle(1));
                throw EnergyFile.Bad(path, $"calls the native library {Quote.Text(metadata.GetString(native.Name))}, "
                    + "which its digest would not cover. Write the energy with TorchSharp's operations.");
            }
        }
        catch (Exception e) when (e is BadImageFormatException or ArgumentException or OverflowException
            or InvalidOperationException or IndexOutOfRangeException or CultureNotFoundException)
        {
            throw EnergyFile.Bad(path, $"is not a .NET assembly, or is damaged ({e.Message}). {HowToBuild}");
        }

        return new AssemblyFile(path, bytes, sha256);
    }

    private static void CheckReference(string path, AssemblyName reference)
    {
        var (name, version) = (reference.Name ?? "", reference.Version ?? new Version());
        if (Host.TryGetValue(name, out var here))
        {
            if (!IsCompatible(version, here))
            {
                throw EnergyFile.Bad(path, $"is built against {name} {version}; this process has {here}. "
                    + $"Build it against {name} {here.ToString(3)}.");
            }
        }
        else if (!BaseLibrary.TryGetValue(name, out var file))
        {
            throw EnergyFile.Bad(path, $"references the assembly {Quote.Text(name)}. An energy may reference Ebm.Core, "
                + "TorchSharp and the .NET base library alone: its digest would not cover other files. "
                + "Compile the code that it needs into the assembly itself.");
        }
        else if (AssemblyName.GetAssemblyName(file).Version is var known && version > known)
        {
            throw EnergyFile.Bad(path, $"is built for a newer .NET: it references {name} {version}, and this process "
                + $"has {known}. Build it with <TargetFramework>net{Environment.Version.ToString(2)}"
                + "</TargetFramework>.");
        }
    }

    /// <summary>Whether one version works where another is expected: before 1.0 the minor version breaks.</summary>
    internal static bool IsCompatible(Version built, Version here) =>
        built <= here && built.Major == here.Major && (here.Major > 0 || built.Minor == here.Minor);
}
