using System.Runtime.InteropServices;
using System.Text.Json;
using Ebm.Contracts.Models;
using Ebm.Core;
using Ebm.Core.Checkpoints;
using Ebm.Grains.Stores;

namespace Ebm.Client.Models.LongRuns;

/// <summary>The state of a long run: its chains and its metrics. A run can continue from its file.</summary>
/// <param name="Model">SHA-256 of the model's parameters.</param>
/// <param name="Round">The checkpoint's round.</param>
/// <param name="Seed">Seed of the chains.</param>
/// <param name="Chains">Number of chains from data, and of chains from noise.</param>
/// <param name="StepsPerTurn">Transitions of a turn.</param>
/// <param name="Turns">Finished turns.</param>
/// <param name="DataEnergy">Mean energy of the data rows that the chains are compared with.</param>
/// <param name="Rows">The metrics so far.</param>
internal sealed record LongRunState(
    string Model, long Round, ulong Seed, int Chains, int StepsPerTurn, long Turns, double DataEnergy,
    IReadOnlyList<LongRunRow> Rows)
{
    private const string About = "about", ChainStates = "chains";

    /// <summary>The states of the chains, [2 * Chains, features], row-major.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public float[] States { get; init; } = [];

    /// <summary>Transitions of each chain so far.</summary>
    public long Steps => Turns * StepsPerTurn;

    /// <summary>Writes the file atomically: safetensors, with everything except the states as JSON.</summary>
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

    /// <summary>Reads the file; null if it does not exist.</summary>
    /// <exception cref="InputException">The file is damaged, or is not the state of a long run.</exception>
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
            throw new InputException(
                $"--state {path}: not the state of a long run. Use another file; it is created if missing.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path} cannot be read: {e.Message}", e);
        }
    }
}
