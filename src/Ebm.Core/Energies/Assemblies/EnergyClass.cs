using System.Reflection;
using System.Runtime.Loader;
using Ebm.Core.Spec;
using Ebm.Core.States;

namespace Ebm.Core.Energies.Assemblies;

/// <summary>The class of an energy in an assembly, and the construction of its one instance.</summary>
internal static class EnergyClass
{
    /// <summary>
    /// Loads an assembly into a context of its own and creates the energy: each call has its own static fields. The
    /// runtime unloads the context after the energy.
    /// </summary>
    /// <exception cref="InputException">The class is missing, is not an energy, or cannot be constructed.</exception>
    public static IEnergy Create(AssemblyFile file, AssemblyEnergySpec spec, StateSpace space)
    {
        var type = Find(file, spec.Type);
        var constructors = type.GetConstructors();
        if (constructors is not [var constructor] || !Takes(constructor))
        {
            throw Bad($"{type.FullName} of {file.Path} has {Signatures(constructors)}; expected one public "
                + "constructor, (StateSpace) or (StateSpace, options).");
        }

        object[] arguments = constructor.GetParameters() is [_, var options]
            ? [space, EnergyOptions.Read(options.ParameterType, spec.Options)]
            : spec.Options is null or { Json: "{}" } ? [space]
            : throw new InputException($"energy.options: the constructor of {type.FullName} takes no options. "
                + "Remove them, or add a parameter after StateSpace.");
        try
        {
            return (IEnergy)constructor.Invoke(BindingFlags.DoNotWrapExceptions, null, arguments, null);
        }
        catch (Exception e)
        {
            throw new InputException($"energy.type: the constructor of {type.FullName} failed: {Describe(e)} "
                + "Correct energy.options or the code.", e);
        }
    }

    /// <summary>An exception of a user's code in a sentence: its type, place and message.</summary>
    public static string Describe(Exception e)
    {
        var cause = e is TypeInitializationException { InnerException: { } inner } ? inner : e;
        var place = cause.TargetSite is { DeclaringType: { } declaring } method
            ? $" in {declaring.Name}.{method.Name}" : "";
        return $"{cause.GetType().Name}{place}: {Native.TorchError.Brief(cause).TrimEnd('.')}.";
    }

    private static Type Find(AssemblyFile file, string name)
    {
        try
        {
            var context = new AssemblyLoadContext($"{name} of {file.Path}", isCollectible: true);
            var assembly = context.LoadFromStream(new MemoryStream(file.Bytes, writable: false));
            Type[] energies = [.. assembly.GetExportedTypes().Where(t => Defect(t) is null)];
            var list = energies.Length > 0
                ? $"its energies are: {string.Join(", ", energies.Select(t => t.FullName))}"
                : "it has no public class that derives from AutogradEnergy or implements IEnergy";
            var type = assembly.GetTypes().FirstOrDefault(t => t.FullName == name)
                ?? throw Bad($"there is no class {Quote.Text(name)} in {file.Path}; {list}.");
            return Defect(type) is { } defect
                ? throw Bad($"{name} of {file.Path} {defect}; {list}.")
                : type;
        }
        catch (Exception e) when (e is BadImageFormatException or IOException or TypeLoadException
            or ReflectionTypeLoadException)
        {
            var cause = e is ReflectionTypeLoadException { LoaderExceptions: [{ } first, ..] } ? first : e;
            throw EnergyFile.Bad(file.Path, $"cannot be loaded: {cause.Message.Split('\n')[0].TrimEnd('.')}. "
                + "Build it for net10.0 against the Ebm.Core and TorchSharp of this version.");
        }
    }

    /// <summary>The reason why a type is not an energy that can be created; null if it is one.</summary>
    private static string? Defect(Type type) =>
        !type.IsAssignableTo(typeof(IEnergy)) ? "neither derives from AutogradEnergy nor implements IEnergy"
        : !type.IsClass ? "is not a class"
        : !type.IsVisible ? "is not public"
        : type.IsAbstract ? "is abstract"
        : type.ContainsGenericParameters ? "is generic"
        : null;

    private static bool Takes(ConstructorInfo constructor) =>
        constructor.GetParameters() is [var space, .. var rest] && space.ParameterType == typeof(StateSpace)
        && rest is [] or [{ ParameterType: { IsByRef: false, IsPointer: false, IsByRefLike: false } }];

    private static string Signatures(ConstructorInfo[] constructors) => constructors.Length == 0
        ? "no public constructor"
        : "the public constructors " + string.Join(", ", constructors.Select(
            c => $"({string.Join(", ", c.GetParameters().Select(p => p.ParameterType.Name))})"));

    private static InputException Bad(string what) => new($"energy.type: {what}");
}
