using Ebm.Core.Randomness;
using Ebm.Grains.Telemetry;
using Microsoft.Extensions.Options;
using TorchSharp;

namespace Ebm.Grains.Devices;

/// <summary>
/// The device lanes of a silo: dedicated threads on which all tensor work runs, so that no grain's turn is ever
/// blocked. Runs share them in turns (one piece of work each, or as many as their priority says), each run's own pieces
/// in the order they came.
/// </summary>
internal sealed class DeviceLanes : IDisposable
{
    private readonly FairQueue _queue;
    private readonly Thread[] _threads;
    private readonly LaneClock[] _clocks;

    /// <summary>Starts one thread for each lane.</summary>
    public DeviceLanes(IOptions<LaneOptions> options)
    {
        var devices = LaneDevices.Resolve(options.Value);
        _queue = new FairQueue(options.Value.QueueLength);
        Device = devices[0];
        _clocks = [.. devices.Select(_ => new LaneClock(TimeProvider.System))];
        _threads = [.. devices.Select((device, i) => Start(new Lane(i, device, NoiseFactory.On(device))))];
    }

    /// <summary>Number of lanes.</summary>
    public int Count => _threads.Length;

    /// <summary>The device of the first lane; all lanes of a silo are of one kind.</summary>
    public torch.Device Device { get; }

    /// <summary>Pieces of work that wait for a lane.</summary>
    public int Waiting => _queue.Waiting;

    /// <summary>Of each lane, how long it has worked and how long it has waited for work.</summary>
    public IEnumerable<(TimeSpan Busy, TimeSpan Idle)> Times() => _clocks.Select(c => c.Read());

    /// <summary>
    /// A run gets so many pieces of its work done in each of its turns; with 0 its work is done behind that of all
    /// others.
    /// </summary>
    public void Prioritise(string run, int pieces) => _queue.Prioritise(run, pieces);

    /// <summary>
    /// Runs <paramref name="work"/> on a lane, inside a dispose scope and without autograd recording. A tensor that is
    /// to outlive the call has to be detached from the scope by its new owner.
    /// </summary>
    /// <param name="run">The run it is done for.</param>
    /// <param name="work">Synchronous tensor code.</param>
    /// <param name="cancellationToken">Gives the work up if it has not begun.</param>
    /// <exception cref="OperationCanceledException">It was given up, or the lanes are closed.</exception>
    public async Task<T> Run<T>(string run, Func<Lane, T> work, CancellationToken cancellationToken = default)
    {
        var item = new LaneWork<T>(work, cancellationToken);
        while (_queue.Add(run, item) is { } room)
        {
            await room;
        }

        return await item.Completion;
    }

    /// <summary>Lets the running pieces end, cancels those that wait, and ends the threads.</summary>
    public void Dispose()
    {
        foreach (var abandoned in _queue.Close())
        {
            abandoned.Cancel();
        }

        foreach (var thread in _threads)
        {
            thread.Join();
        }

        _queue.Dispose();
    }

    private Thread Start(Lane lane)
    {
        var thread = new Thread(() => Work(lane)) { Name = $"lane-{lane.Number}", IsBackground = true };
        thread.Start();
        return thread;
    }

    private void Work(Lane lane)
    {
        ThreadNiceness.Lower();
        while (_queue.Take() is { } work)
        {
            _clocks[lane.Number].Begin();
            work.Execute(lane);
            _clocks[lane.Number].End();
        }
    }
}
