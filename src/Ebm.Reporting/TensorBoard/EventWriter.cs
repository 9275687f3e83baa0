using System.Buffers;
using System.Threading.Channels;
using Ebm.Reporting.TensorBoard.Protocol;
using Google.Protobuf;
using SkiaSharp;

namespace Ebm.Reporting.TensorBoard;

/// <summary>
/// Writes an event file that TensorBoard reads. Callers never wait: events are gathered, and
/// written every two seconds and at the end. A file that cannot be written is given up, and <see cref="Problem"/> says
/// so.
/// </summary>
/// <remarks>
/// The first event makes the file. Values are written as they are, NaN and infinities too. May be called from any
/// thread. Format: TensorFlow, <c>tensorflow/core/util/event.proto</c> and <c>lib/io/record_writer.h</c>.
/// </remarks>
internal sealed class EventWriter : IAsyncDisposable
{
    /// <summary>Time between two writes.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(2);

    // More than a run makes in two seconds; only a disk that hangs lets them pile up.
    private const int MostWaiting = 16_384;

    private readonly string _folder;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly Lock _writing = new();
    private readonly Channel<Event> _waiting = Channel.CreateBounded<Event>(MostWaiting);
    private readonly ArrayBufferWriter<byte> _records = new();
    private FileStream? _file;
    private bool _givenUp;
    private volatile string? _problem;

    /// <summary>A writer into a folder, which is made with the first event.</summary>
    public EventWriter(string folder, TimeProvider time)
    {
        (_folder, _time) = (folder, time);
        IsFirst = !EventFile.In(folder).Any();
        _timer = time.CreateTimer(_ => Write(), null, Every, Every);
    }

    /// <summary>Whether the folder held no event files when this writer began.</summary>
    public bool IsFirst { get; }

    /// <summary>Why no more is written, or not all; null while all is well.</summary>
    public string? Problem => _problem;

    /// <summary>Says that whatever was written of a step and of later ones is void, as after going back.</summary>
    public void StartAt(long step) =>
        Add(new Event { Step = step, SessionLog = new SessionLog { Status = SessionLog.Types.SessionStatus.Start } });

    /// <summary>Figures of a step, by tag; TensorBoard holds them in single precision.</summary>
    public void Scalars(long step, IEnumerable<KeyValuePair<string, double>> values) =>
        Summary(step, [.. values.Select(v => new Summary.Types.Value { Tag = v.Key, SimpleValue = (float)v.Value })]);

    /// <summary>A picture of a step.</summary>
    /// <param name="step">The step.</param>
    /// <param name="tag">Its name, the same at every step.</param>
    /// <param name="png">A PNG file.</param>
    public void Image(long step, string tag, byte[] png)
    {
        using var codec = SKCodec.Create(new MemoryStream(png))
            ?? throw new ArgumentException("not a PNG", nameof(png));
        var info = codec.Info;
        var image = new Summary.Types.Image
        {
            Width = info.Width,
            Height = info.Height,
            Colorspace = info.ColorType == SKColorType.Gray8 ? 1 : info.IsOpaque ? 3 : 4,
            EncodedImageString = UnsafeByteOperations.UnsafeWrap(png),
        };
        Summary(step, new Summary.Types.Value { Tag = tag, Image = image });
    }

    /// <summary>A text of a step, in Markdown.</summary>
    public void Text(long step, string tag, string markdown) => Summary(step, new Summary.Types.Value
    {
        Tag = tag,
        Tensor = new TensorProto
        {
            Dtype = DataType.DtString, TensorShape = new TensorShapeProto(),
            StringVal = { ByteString.CopyFromUtf8(markdown) },
        },
        Metadata = new SummaryMetadata { PluginData = new SummaryMetadata.Types.PluginData { PluginName = "text" } },
    });

    /// <summary>Writes the gathered events now, for callers with many events that may wait.</summary>
    public void Flush() => Write();

    /// <summary>Writes the gathered events, and closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync().ConfigureAwait(false);
        _waiting.Writer.TryComplete();
        Write();
        _file?.Dispose();
    }

    private void Summary(long step, params Summary.Types.Value[] values) =>
        Add(new Event { Step = step, Summary = new Summary { Value = { values } } });

    private void Add(Event e)
    {
        e.WallTime = Seconds(_time.GetUtcNow());
        if (!_waiting.Writer.TryWrite(e))
        {
            _problem ??= $"the event files for TensorBoard lack some events: {_folder} is written too slowly.";
        }
    }

    private void Write()
    {
        // A write that outlasts the time between two is not waited for by the next.
        if (!_writing.TryEnter())
        {
            return;
        }

        try
        {
            while (_waiting.Reader.TryRead(out var e))
            {
                EventRecords.Append(_records, e);
            }

            if (_records.WrittenCount > 0 && !_givenUp)
            {
                _file ??= Open();
                _file.Write(_records.WrittenSpan);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            (_givenUp, _problem) = (true,
                $"no more event files for TensorBoard: {_folder} cannot be written: {e.Message}");
        }
        finally
        {
            _records.ResetWrittenCount();
            _writing.Exit();
        }
    }

    private FileStream Open()
    {
        var now = _time.GetUtcNow();
        var version = new ArrayBufferWriter<byte>();
        EventRecords.Append(version, new Event { WallTime = Seconds(now), FileVersion = "brain.Event:2" });
        var file = EventFile.Create(_folder, now);
        file.Write(version.WrittenSpan);
        return file;
    }

    private static double Seconds(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).TotalSeconds;
}
