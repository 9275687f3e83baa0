using System.Diagnostics.Metrics;
using Ebm.Core.Diagnostics;
using Ebm.Grains.Devices;
using Ebm.Grains.Placement;
using Ebm.Grains.Stores;

namespace Ebm.Grains.Telemetry;

/// <summary>The metrics of a silo. Without a listener a measurement costs one comparison.</summary>
internal sealed class SiloMetrics : IDisposable
{
    private readonly Meter _meter = new(Catalogue.Source);
    private readonly TrainingGauges _training;
    private readonly string _device;
    private readonly Counter<long> _rounds, _negatives, _retries, _siloBytes, _rollbacks, _recoveries, _failures,
        _refused;
    private readonly Histogram<double>
        _roundDuration, _updateDuration, _stepDuration, _serverWait, _staleness, _slotAge, _checkpointDuration,
        _checkpointSize;

    private int _shardsAtWork, _servers;
    private long _slots;

    /// <summary>Metrics of a silo's lanes, stores and grains.</summary>
    public SiloMetrics(DeviceLanes lanes, SiloLabels labels, StoreHealth health)
    {
        _device = lanes.Device.type.ToString().ToLowerInvariant();
        _training = new TrainingGauges(_meter);
        _rounds = _meter.Counter(Catalogue.Rounds);
        _negatives = _meter.Counter(Catalogue.Negatives);
        _retries = _meter.Counter(Catalogue.AdvanceRetries);
        _siloBytes = _meter.Counter(Catalogue.SiloBytes);
        _rollbacks = _meter.Counter(Catalogue.Rollbacks);
        _recoveries = _meter.Counter(Catalogue.Recoveries);
        _failures = _meter.Counter(Catalogue.Failures);
        _refused = _meter.Counter(Catalogue.Refused);
        _roundDuration = _meter.Histogram(Catalogue.RoundDuration);
        _updateDuration = _meter.Histogram(Catalogue.UpdateDuration);
        _stepDuration = _meter.Histogram(Catalogue.StepDuration);
        _serverWait = _meter.Histogram(Catalogue.ServerWait);
        _staleness = _meter.Histogram(Catalogue.Staleness);
        _slotAge = _meter.Histogram(Catalogue.SlotAge);
        _checkpointDuration = _meter.Histogram(Catalogue.CheckpointDuration);
        _checkpointSize = _meter.Histogram(Catalogue.CheckpointSize);
        _meter.Gauge(Catalogue.ShardsAtWork, () => Volatile.Read(ref _shardsAtWork));
        _meter.Gauge(Catalogue.Servers, () => Volatile.Read(ref _servers));
        _meter.Gauge(Catalogue.Slots, () => Interlocked.Read(ref _slots));
        _meter.Gauge(Catalogue.RedisWaiting, () => health.Waiting is null ? 0 : 1);
        _meter.Gauge(Catalogue.Lanes, () => labels.Lanes, Catalogue.Device.Is(_device));
        _meter.Gauge(Catalogue.QueueLength, () => lanes.Waiting, Catalogue.Device.Is(_device));
        _meter.Counter(Catalogue.LaneBusy, () => Times(lanes, t => t.Busy));
        _meter.Counter(Catalogue.LaneIdle, () => Times(lanes, t => t.Idle));
    }

    /// <summary>Adds 0, so that a rate exists before the first event.</summary>
    public void Begin()
    {
        foreach (var counter in new[] { _rounds, _negatives, _retries, _rollbacks, _failures })
        {
            counter.Add(0);
        }

        foreach (var cause in Catalogue.Causes)
        {
            _recoveries.Add(0, Catalogue.Cause.Is(cause));
        }
    }

    /// <summary>A parameter server goes to work.</summary>
    public void ServerBegins(string run, long rounds, int shards)
    {
        Interlocked.Increment(ref _servers);
        _training.Enter(run, rounds, shards);
    }

    /// <summary>Its epoch has ended.</summary>
    public void ServerEnds(string run)
    {
        Interlocked.Decrement(ref _servers);
        _training.Leave(run);
    }

    /// <summary>A round was applied.</summary>
    public void Round(string run, RoundMetrics figures, int negatives, double seconds, long staleness)
    {
        _rounds.Add(1);
        _negatives.Add(negatives);
        _roundDuration.Record(seconds);
        _staleness.Record(staleness);
        _training.Round(run, figures);
    }

    /// <summary>An update waited for negatives.</summary>
    public void Waited(TimeSpan time) => _serverWait.Record(time.TotalSeconds);

    /// <summary>An update was made.</summary>
    public void Updated(TimeSpan time) => _updateDuration.Record(time.TotalSeconds);

    /// <summary>A lane took a block of chains through its transitions.</summary>
    public void Sampled(string sampler, TimeSpan time, int steps) =>
        _stepDuration.Record(
            time.TotalSeconds / Math.Max(1, steps), Catalogue.Sampler.Is(sampler), Catalogue.Device.Is(_device));

    /// <summary>A shard begins to compute a round; to be disposed when it has.</summary>
    public IDisposable ShardWorks()
    {
        Interlocked.Increment(ref _shardsAtWork);
        return new ShardAtWork(this);
    }

    /// <summary>Shards here hold more or fewer slots.</summary>
    public void Hold(int slots) => Interlocked.Add(ref _slots, slots);

    /// <summary>A round continues a slot that was written so many rounds ago.</summary>
    public void Continued(long age) => _slotAge.Record(age);

    /// <summary>A call to a shard is made again.</summary>
    public void Retried() => _retries.Add(1);

    /// <summary>Bytes came from another grain.</summary>
    public void Received(string payload, long bytes) => _siloBytes.Add(bytes, Catalogue.Payload.Is(payload));

    /// <summary>A checkpoint was stored.</summary>
    public void Stored(TimeSpan time, long bytes)
    {
        _checkpointDuration.Record(time.TotalSeconds);
        _checkpointSize.Record(bytes);
    }

    /// <summary>A run has diverged and goes back.</summary>
    public void RolledBack() => _rollbacks.Add(1);

    /// <summary>Another parameter server is put in charge.</summary>
    public void Recovered(string cause) => _recoveries.Add(1, Catalogue.Cause.Is(cause));

    /// <summary>A run has failed.</summary>
    public void Failed() => _failures.Add(1);

    /// <summary>A call was refused.</summary>
    public void Refused(string reason) => _refused.Add(1, Catalogue.Refusal.Is(reason));

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    private IEnumerable<Measurement<double>> Times(
        DeviceLanes lanes, Func<(TimeSpan Busy, TimeSpan Idle), TimeSpan> of) =>
        lanes.Times().Select((t, lane) => new Measurement<double>(
            of(t).TotalSeconds, Catalogue.Lane.Is(lane), Catalogue.Device.Is(_device)));

    private sealed class ShardAtWork(SiloMetrics metrics) : IDisposable
    {
        public void Dispose() => Interlocked.Decrement(ref metrics._shardsAtWork);
    }
}
