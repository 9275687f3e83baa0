using static TorchSharp.torch;

namespace Ebm.Core.Energies.Pairwise;

/// <summary>Reads a file of known couplings: J [units width, units width], symmetric, float32, on the CPU.</summary>
/// <param name="path">The file.</param>
/// <param name="units">Number of units.</param>
/// <param name="width">Numbers that encode a unit.</param>
/// <exception cref="InputException">The file is missing, damaged, or holds no such matrix.</exception>
public delegate Tensor CouplingsReader(string path, int units, int width);
