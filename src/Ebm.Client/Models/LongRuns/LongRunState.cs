using System.Runtime.InteropServices;
using System.Text.Json;
using Ebm.Contracts.Models;
using Ebm.Core;
using Ebm.Core.Checkpoints;
using Ebm.Grains.Stores;

namespace Ebm.Client.Models.LongRuns;

/// <summary>
/// A long run so far: where its chains are, and what was seen on the way. Kept in a file, it can go on.
/// </summary>
/// <param name="Model">SHA-256 of the model's parameters.</param>
/// <param name="Round">The checkpoint's round.</param>
/// <param name="Seed">Seed of the chains.</param>
/// <param name="Chains">Chains of each of the two kinds.</param>
/// <param name="StepsPerTurn">Transitions of a turn.</param>
/// <param name="Turns">Turns done.</param>
/// <param name="DataEnergy">Mean energy of the rows of data that chains are held against.</param>
/// <param name="Rows">What was seen.</param>
internal sealed record LongRunState(
    string Model, long Round, ulong Seed, int Chains, int StepsPerTurn, long Turns, double DataEnergy,
    IReadOnlyList<LongRunRow> Rows)
{
    private const string About = "about", ChainStates = "chains";

    /// <summary>The chains' states.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public float[] States { get; init; } = [];

    /// <summary>Transitions of each chain so far.</summary>
    public long Steps => Turns * StepsPerTurn;

    /// <summary>Writes the file in one step: safetensors, with all but the states as JSON.</summary>
    public void Write(string path)
    {
        var about = JsonSerializer.SerializeToUtf8Bytes(this, MetricsJson.Line);
        using var file = new MemoryStream();
        Safetensors.Write(file,
        [
            new NamedTensor(About, ElementType.U8, [about.Length], about),
            new NamedTensor(
                ChainStates, ElementType.F32, [2 * Chains, States.Length / (2 * Chains)],
                MemoryMarshal.AsBytes<float>(States).ToArray()),
        ]);
        AtomicFile.Write(path, file.ToArray());
    }

    /// <summary>Reads such a file; null where there is none.</summary>
    /// <exception cref="InputException">It is something else, or damaged.</exception>
    public static LongRunState? Read(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            var tensors = Safetensors.Read(File.ReadAllBytes(path), path).ToDictionary(t => t.Name);
            var state = JsonSerializer.Deserialize<LongRunState>(tensors[About].Bytes.Span, MetricsJson.Line)!;
            return state with { States = MemoryMarshal.Cast<byte, float>(tensors[ChainStates].Bytes.Span).ToArray() };
        }
        catch (Exception e) when (e is KeyNotFoundException or JsonException)
        {
            throw new InputException($"{path} holds no long run; name another file, and one is written there.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path} cannot be read: {e.Message}", e);
        }
    }
}
