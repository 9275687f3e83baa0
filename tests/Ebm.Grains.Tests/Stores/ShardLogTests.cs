using CsCheck;
using Ebm.Core.Rounds;
using Ebm.Grains.Stores;

namespace Ebm.Grains.Tests.Stores;

/// <summary>
/// A shard's log against a model: what it holds after each step is what was acknowledged, or a sound prefix of it.
/// </summary>
public sealed class ShardLogTests : IDisposable
{
    private const int Slots = 5, Bytes = 3;

    private readonly TempHome _folder = new();

    private enum Step
    {
        Commit,
        Repeat,
        Stale,
        Skip,
        Rewind,
        Reopen,
        Torn,
        Altered,
    }

    [Fact]
    public void Steps_InAnyOrder_EqualTheModel()
    {
        var trial = 0;
        var steps = Gen.Select(Gen.Enum<Step>(), Gen.Int[0, 1 << 20]).Array[1, 30];
        steps.Sample(
            sequence => Play(Path.Combine(_folder.Path, $"{Interlocked.Increment(ref trial)}"), sequence), iter: 300,
            threads: 1);
    }

    public void Dispose() => _folder.Dispose();

    private static ShardCommit Commit(long epoch, long round, int value)
    {
        var states = new byte[2 * Bytes];
        Array.Fill(states, (byte)value);
        return new ShardCommit(
            new AdvanceOrder(epoch, 0, round, round - 1), default, [value % Slots, (value + 2) % Slots], states);
    }

    private static void Play(string folder, (Step Step, int Value)[] sequence)
    {
        var path = Path.Combine(folder, "log");
        var log = new ShardLog(path);

        // What was acknowledged, oldest first: the file's entries.
        var history = new List<(ShardPosition Position, byte[] Slots)>();
        ShardPosition Now() => history.Count == 0 ? ShardPosition.Unwritten : history[^1].Position;
        try
        {
            foreach (var (step, value) in sequence)
            {
                switch (step)
                {
                    case Step.Commit or Step.Skip or Step.Stale or Step.Repeat:
                        var round = Now().Round + (step == Step.Skip ? 2 : step == Step.Repeat ? 0 : 1);
                        var commit = Commit(Now().Epoch - (step == Step.Stale ? 1 : 0), round, value);
                        var expected = history.Count == 0 && step == Step.Commit
                            ? WriteVerdict.Accepted
                            : ShardFence.Commit(Now(), commit.Order);
                        if (history.Count == 0)
                        {
                            break;
                        }

                        Assert.Equal(expected, log.Append(commit));
                        if (expected == WriteVerdict.Accepted)
                        {
                            var slots = history[^1].Slots.ToArray();
                            for (var i = 0; i < commit.Slots.Length; i++)
                            {
                                commit.States.AsSpan(i * Bytes, Bytes).CopyTo(slots.AsSpan(commit.Slots[i] * Bytes));
                            }

                            history.Add((ShardFence.After(commit.Order), slots));
                        }

                        break;
                    case Step.Rewind:
                        var order = new RewindOrder(Now().Epoch + 1, 0, value % 7);
                        var fresh = Enumerable.Range(value, Slots * Bytes).Select(b => (byte)b).ToArray();
                        Assert.Equal(WriteVerdict.Accepted, log.Rewind(order, fresh));
                        history = [(ShardFence.After(order), fresh)];
                        break;
                    default:
                        log.Dispose();
                        if (step != Step.Reopen && new FileInfo(path) is { Exists: true, Length: > 0 })
                        {
                            Damage(path, step, value);
                            log = new ShardLog(path);

                            // Some entries at the end are lost; what is left is one of the states that were
                            // acknowledged.
                            var left = log.Read()?.Position ?? ShardPosition.Unwritten;
                            var kept = history.FindIndex(h => h.Position == left);
                            Assert.True(kept >= 0 || left == ShardPosition.Unwritten);
                            Assert.True(kept < history.Count - 1, "Damage went unnoticed.");
                            history.RemoveRange(kept + 1, history.Count - kept - 1);
                        }
                        else
                        {
                            log = new ShardLog(path);
                        }

                        break;
                }

                var record = log.Read();
                Assert.Equal(Now(), record?.Position ?? ShardPosition.Unwritten);
                Assert.Equal(history.Count == 0 ? null : history[^1].Slots, record?.Slots);
            }
        }
        finally
        {
            log.Dispose();
        }
    }

    private static void Damage(string path, Step step, int value)
    {
        var image = File.ReadAllBytes(path);
        if (step == Step.Torn)
        {
            File.WriteAllBytes(path, image[..(value % image.Length)]);
        }
        else
        {
            image[value % image.Length] ^= 0x10;
            File.WriteAllBytes(path, image);
        }
    }
}
