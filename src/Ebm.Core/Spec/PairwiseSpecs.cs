using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Ebm.Core.States;

namespace Ebm.Core.Spec;

/// <summary>What Ising and Potts models have in common: couplings of pairs of units, and a field.</summary>
public abstract record PairwiseSpec : EnergySpec
{
    /// <inheritdoc/>
    public override bool HasBlockGibbs() => true;

    /// <summary>Height and width of the lattice; none couples every pair.</summary>
    [Description("Height and width of the lattice whose neighbours are coupled, for example [10, 10]; "
        + "without it every pair of units is coupled.")]
    [Length(2, 2)]
    [Bounds(1, 4096)]
    public int[]? Lattice { get; init; }

    /// <summary>Whether the lattice closes upon itself.</summary>
    [Description("With lattice: whether it closes upon itself or ends at its edges.")]
    public Boundary Boundary { get; init; } = Boundary.Torus;

    /// <summary>The coupling of each pair, known; learned where neither it nor a file is given.</summary>
    [Description("The coupling of each pair, where it is known and the same for all; "
        + "without it and couplings they are learned.")]
    [Bounds(-1e6, 1e6)]
    public double? Coupling { get; init; }

    /// <summary>Known couplings of a fully connected model.</summary>
    [Description("NPY file of the known couplings of a fully connected model: a symmetric matrix, 0 on its diagonal.")]
    [FilePath]
    public string? Couplings { get; init; }

    /// <summary>The field of every unit; where it is learned, its start.</summary>
    [Description("The field of every unit (of potts: of every category of it); with learnField its start.")]
    [Bounds(-1e6, 1e6)]
    public double Field { get; init; }

    /// <summary>Whether each unit's field is learned.</summary>
    [Description("Learn a field for each unit.")]
    public bool LearnField { get; init; }

    /// <summary>Whether the couplings are learned.</summary>
    internal bool LearnsCouplings() => Coupling is null && Couplings is null;
}

/// <summary>
/// Ising model: spins s = 2x - 1 of bits x, E = -sum_pairs J_ij s_i s_j - sum_i h_i s_i, each pair once.
/// </summary>
public sealed record IsingSpec : PairwiseSpec
{
    /// <inheritdoc/>
    public override UnitKind StateUnits() => UnitKind.Binary;
}

/// <summary>
/// Potts model: E = -sum_pairs J_ij(x_i, x_j) - sum_i h_i(x_i), each pair once; on a lattice J_ij counts where x_i =
/// x_j.
/// </summary>
public sealed record PottsSpec : PairwiseSpec
{
    /// <inheritdoc/>
    public override UnitKind StateUnits() => UnitKind.Categorical;

    /// <summary>Values of a unit.</summary>
    [Description("Categories of a unit; its values are 0 to categories - 1.")]
    [Bounds(2, 256)]
    public required int Categories { get; init; }
}

/// <summary>Edges of a lattice.</summary>
public enum Boundary
{
    /// <summary>Both directions are cycles.</summary>
    Torus,

    /// <summary>The lattice ends.</summary>
    Free,
}
