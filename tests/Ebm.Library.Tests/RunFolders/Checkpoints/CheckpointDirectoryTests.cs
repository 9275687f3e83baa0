using Ebm.Core.Checkpoints;
using Ebm.Core.Recovery;
using Ebm.Core;
using Ebm.RunFolders.Checkpoints;

namespace Ebm.Library.Tests.RunFolders.Checkpoints;

public sealed class CheckpointDirectoryTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("ebm-checkpoints-").FullName;
    private readonly CheckpointDirectory _directory;

    public CheckpointDirectoryTests() => _directory = new CheckpointDirectory(Path.Combine(_root, "checkpoints"));

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private static Checkpoint Sample(long round, int attempt = 0, bool scheduled = true, byte salt = 0) => new()
    {
        RunId = "run",
        SpecDigest = "spec",
        DataDigest = "data",
        Numerics = "numerics",
        Attempt = attempt,
        AttemptBase = 0,
        Round = round,
        Scheduled = scheduled,
        Versions = new Dictionary<long, ReadOnlyMemory<byte>>
        {
            [round] = new byte[] { 1, 2, 3, salt },
            [round - 1] = new byte[] { 5, 6, 7, (byte)round },
        },
        OptimiserStep = round,
        Trainer = [new("average", ElementType.F32, [1], new byte[] { 1, 1, 1, (byte)round })],
        Slots = [new byte[] { 1, 2, 3 }, Array.Empty<byte>()],
    };

    private string Place(long round) => Path.Combine(_root, "checkpoints", $"{round:D8}");

    [Fact]
    public void Read_OfAWrittenCheckpoint_GivesTheSameState()
    {
        var manifest = _directory.Write(Sample(7));
        var read = _directory.Read(7);

        Assert.Equal(StateDigest.OfState(Sample(7)), StateDigest.OfState(read));
        Assert.Equal(manifest.StateSha256, StateDigest.OfState(read));
        Assert.Equal(StateDigest.Of([1, 2, 3, 0]), manifest.ParametersSha256);
        Assert.Equal(
            ("run", "spec", "data", "numerics", true),
            (read.RunId, read.SpecDigest, read.DataDigest, read.Numerics, read.Scheduled));
        Assert.Equal(
            ["manifest.json", "optimiser.safetensors", "parameters.safetensors", "slots-0.bin", "slots-1.bin"],
            Directory.EnumerateFiles(Place(7)).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void OfState_AnyPartChanged_IsAnotherDigest()
    {
        var sample = Sample(7);
        Checkpoint[] others =
        [
            Sample(7, salt: 1), Sample(7, attempt: 1), sample with { OptimiserStep = 8 },
            sample with { AttemptBase = 1 },
            sample with { Slots = [new byte[] { 1, 2, 4 }, Array.Empty<byte>()] },
            sample with { Rollbacks = [new RollbackRecord(
                1, 3, new LimitViolation(5, ViolationKind.Lead, "figure", 2, 1), 0)] },
            sample with { Rollbacks = [new RollbackRecord(
                1, 3, new LimitViolation(6, ViolationKind.Lead, "figure", 2, 1), 0)] },
            sample with { Slots = [Array.Empty<byte>(), new byte[] { 1, 2, 3 }] },
            sample with { Trainer = [sample.Trainer[0] with { Name = "other" }] },
            sample with { Versions = new Dictionary<long, ReadOnlyMemory<byte>> { [7] = sample.Versions[7] } },
        ];
        Assert.Equal(others.Length + 1, others.Append(sample).Select(StateDigest.OfState).Distinct().Count());
        Assert.Equal(
            StateDigest.OfState(sample),
            StateDigest.OfState(sample with { Scheduled = false, Numerics = "x", RunId = "y" }));
    }

    public static TheoryData<string> Files => new(
        "manifest.json", "optimiser.safetensors", "parameters.safetensors", "slots-0.bin");

    [Theory]
    [MemberData(nameof(Files))]
    public void Latest_OfATornCheckpoint_NamesItAndFallsBack(string file) => Damaged(file, bytes => bytes[..^1]);

    [Theory]
    [MemberData(nameof(Files))]
    public void Latest_OfAnAlteredCheckpoint_NamesItAndFallsBack(string file) =>
        Damaged(file, bytes => [.. bytes.Select((b, i) => i == bytes.Length / 2 ? (byte)(b ^ 1) : b)]);

    [Theory]
    [MemberData(nameof(Files))]
    public void Latest_OfACheckpointWithAFileMissing_NamesItAndFallsBack(string file) => Damaged(file, _ => null);

    private void Damaged(string file, Func<byte[], byte[]?> damage)
    {
        _directory.Write(Sample(3));
        _directory.Write(Sample(7));
        var path = Path.Combine(Place(7), file);
        var content = damage(File.ReadAllBytes(path));
        File.Delete(path);
        if (content is not null)
        {
            File.WriteAllBytes(path, content);
        }

        List<string> refused = [];
        Assert.Equal(3, _directory.Latest(refused: refused.Add)!.Round);
        Assert.Contains(Place(7), Assert.Single(refused), StringComparison.Ordinal);
    }

    /// <summary>Every byte of the manifest counts: what is read is what was written, or refused.</summary>
    [Fact]
    public void Read_OfAManifestWithAnyByteChanged_IsRefused()
    {
        _directory.Write(Sample(7));
        var path = Path.Combine(Place(7), Manifest.FileName);
        var content = File.ReadAllBytes(path);
        for (var i = 0; i < content.Length; i++)
        {
            content[i] ^= 2;
            File.WriteAllBytes(path, content);
            content[i] ^= 2;
            Assert.Throws<InputException>(() => CheckpointFiles.Read(Place(7)));
        }
    }

    [Fact]
    public void Latest_WithALaterAttemptAtAnEarlierRound_IsTheLaterAttempt()
    {
        _directory.Write(Sample(3));
        _directory.Write(Sample(9));
        _directory.Write(Sample(3, attempt: 1));

        Assert.Equal((1, 3L), (_directory.Latest()!.Attempt, _directory.Latest()!.Round));
        Assert.Equal(9, _directory.Latest(m => m.Attempt == 0)!.Round);
        Assert.Equal(1, _directory.Read(3).Attempt);
    }

    [Fact]
    public void Read_OfAStateWithRollbacks_HasThem()
    {
        RollbackRecord[] rollbacks =
        [
            new(1, 3, new LimitViolation(5, ViolationKind.Lead, "the gap's", 2.25, 1.5), 0),
            new(2, 0, new LimitViolation(4, ViolationKind.NonFinite, "x", double.NaN, 0), 7),
        ];
        var manifest = _directory.Write(Sample(7, attempt: 2) with { Rollbacks = rollbacks });
        Assert.Equal(rollbacks, _directory.Read(7).Rollbacks);
        Assert.Equal(rollbacks, _directory.List()[0].Rollbacks!);
        Assert.Equal(manifest.StateSha256, StateDigest.OfState(_directory.Read(7, attempt: 2)));
        Assert.Throws<InputException>(() => _directory.Read(7, attempt: 1));
    }

    [Fact]
    public void Forget_OfOne_DeletesItAndAllThatAreNewer()
    {
        foreach (var (round, attempt) in (ReadOnlySpan<(long, int)>)[(3, 0), (9, 0), (3, 1), (6, 1), (3, 2)])
        {
            _directory.Write(Sample(round, attempt));
        }

        _directory.Forget(1, 3);
        Assert.Equal([(0, 9L), (0, 3L)], _directory.List().Select(m => (m.Attempt, m.Round)));
    }

    [Fact]
    public void Write_OfAStateThatIsStored_KeepsItAndThatItWasScheduled()
    {
        _directory.Write(Sample(7, scheduled: false));
        var written = File.GetLastWriteTimeUtc(Path.Combine(Place(7), "parameters.safetensors"));

        Assert.True(_directory.Write(Sample(7, scheduled: true)).Scheduled);
        Assert.True(_directory.Write(Sample(7, scheduled: false)).Scheduled);
        Assert.True(_directory.Read(7).Scheduled);
        Assert.Equal(written, File.GetLastWriteTimeUtc(Path.Combine(Place(7), "parameters.safetensors")));
    }

    [Fact]
    public void Write_OverATornOne_ReplacesIt()
    {
        _directory.Write(Sample(7));
        File.WriteAllText(Path.Combine(Place(7), "slots-0.bin"), "torn");

        _directory.Write(Sample(7));

        Assert.Equal(7, _directory.Read(7).Round);
        Assert.Single(Directory.EnumerateDirectories(Path.Combine(_root, "checkpoints")));
    }

    [Fact]
    public void Latest_AfterADeathInTheMiddleOfAWrite_IsTheOneBefore()
    {
        _directory.Write(Sample(3));
        Directory.CreateDirectory(Place(7) + ".partial-0");
        File.WriteAllText(Path.Combine(Place(7) + ".partial-0", "parameters.safetensors"), "half");

        Assert.Equal(3, _directory.Latest()!.Round);
        _directory.Write(Sample(7));
        Assert.Equal(2, Directory.EnumerateDirectories(Path.Combine(_root, "checkpoints")).Count());
    }

    /// <summary>Every scheduled checkpoint is one to go back to, at once.</summary>
    private static readonly RollbackPoints Points = new(every: 1, proof: 0);

    [Fact]
    public void Prune_OfSeveralCheckpoints_KeepsTheNewestAndAtLeastTwoIntact()
    {
        foreach (var round in (long[])[1, 2, 3, 4, 5])
        {
            _directory.Write(Sample(round));
        }

        _directory.Prune(3, Points);
        Assert.Equal([5, 4, 3], _directory.List().Select(m => m.Round));
        File.WriteAllText(Path.Combine(Place(5), "slots-0.bin"), "torn");
        _directory.Prune(1, Points);
        Assert.Equal([5, 4, 3], _directory.List().Select(m => m.Round));
    }

    [Fact]
    public void Prune_WithUnscheduledOnesOnTop_KeepsThePlaceToRollBackTo()
    {
        _directory.Write(Sample(1));
        _directory.Write(Sample(2));
        foreach (var round in (long[])[3, 4, 5])
        {
            _directory.Write(Sample(round, scheduled: false));
        }

        _directory.Prune(2, Points);
        Assert.Equal([5, 4, 2], _directory.List().Select(m => m.Round));
    }

    [Fact]
    public void Write_WhereAFileIsInTheWay_NamesThePlaceAndKeepsEarlierOnes()
    {
        _directory.Write(Sample(3));
        File.WriteAllText(Place(7), "in the way");

        var error = Assert.Throws<EbmException>(() => _directory.Write(Sample(7)));

        Assert.Contains(Place(7), error.Message, StringComparison.Ordinal);
        Assert.Equal(3, _directory.Latest()!.Round);
    }

    /// <summary>A device that is always full stands for a full disk: nobody, root included, can write to it.</summary>
    [Fact]
    public void Write_ToAFullDisk_NamesTheReason()
    {
        var error = Assert.Throws<IOException>(() => DurableFiles.Write("/dev/full", [1]));
        Assert.Contains("No space left", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_OfARoundWithoutOne_IsRefused() => Assert.Throws<InputException>(() => _directory.Read(5));
}
