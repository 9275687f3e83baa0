using System.ComponentModel;
using Ebm.Core.States;

namespace Ebm.Core.Spec;

/// <summary>An energy written in C#, a class of an assembly.</summary>
public sealed record AssemblyEnergySpec : EnergySpec
{
    /// <inheritdoc/>
    public override UnitKind StateUnits() => Units;

    /// <summary>The assembly.</summary>
    [Description("Assembly (.dll) with a class that derives from AutogradEnergy or implements IEnergy.")]
    [FilePath]
    public required string Path { get; init; }

    /// <summary>The class.</summary>
    [Description("Full name of the class, for example My.Models.Ring. Its public constructor takes (StateSpace) or "
        + "(StateSpace, options).")]
    public required string Type { get; init; }

    /// <summary>The second argument of the constructor.</summary>
    [Description("Members of the constructor's options, by their names in camelCase.")]
    public FreeMapping? Options { get; init; }

    /// <summary>Kind of its units.</summary>
    [Description("Kind of the energy's units: real numbers, binary units, or categories.")]
    public UnitKind Units { get; init; } = UnitKind.Real;

    /// <summary>Values of a categorical unit.</summary>
    [Description("With units: categorical on data other than text: categories of a unit; its values are 0 to "
        + "categories - 1.")]
    [Bounds(2, 256)]
    public int? Categories { get; init; }
}
