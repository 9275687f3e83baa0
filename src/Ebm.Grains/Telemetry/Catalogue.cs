namespace Ebm.Grains.Telemetry;

/// <summary>
/// Every name that telemetry has: instruments and spans are made from these entries, docs/telemetry.md is written from
/// them, and dashboards, rules and manifests may name nothing else. Attributes of metrics have few values; a run's id
/// is on training gauges only.
/// </summary>
internal static class Catalogue
{
    /// <summary>Name of the meter and of the source of spans.</summary>
    public const string Source = "Ebm";

    /// <summary>Why a parameter server is put in charge of a run that had one.</summary>
    internal const string ServerLost = "server-lost", SiloLeaving = "silo-leaving", Waited = "waited",
        Rewind = "rewind", Rollback = "rollback";

    private static readonly List<MetricEntry> AllMetrics = [];
    private static readonly List<SpanEntry> AllSpans = [];
    private static readonly List<AttributeEntry> AllAttributes = [];

    /// <summary>The attributes.</summary>
    public static readonly AttributeEntry
        Run = Attribute("ebm.run.id", "The run. On metrics at most 64 at a time; further ones share `other`"),
        Shard = Attribute("ebm.shard", "The shard, counted from 0"),
        Round = Attribute("ebm.round", "The round, counted from 1"),
        Attempt = Attribute("ebm.attempt", "Goes up when the run goes back and on differently"),
        Epoch = Attribute("ebm.epoch", "Goes up with each parameter server"),
        Version = Attribute("ebm.version", "The version of the parameters"),
        Reason = Attribute(
            "ebm.trace.reason", "Why a trace is kept whatever the ratio: `first`, `checkpoint`, `failure`"),
        Device = Attribute("ebm.device", "The device of the lanes: `cpu` or `cuda`"),
        Sampler = Attribute("ebm.sampler", "The kernel, as the spec names it"),
        Steps = Attribute("ebm.sampler.steps", "Transitions of each chain"),
        Blocks = Attribute("ebm.blocks", "Blocks of chains, each a piece of work on a lane"),
        Acceptance = Attribute(
            "ebm.acceptance", "Mean share of accepted proposals; absent where the kernel proposes nothing"),
        Gap = Attribute("ebm.energy.gap", "Mean energy of the data less that of the negatives"),
        Norm = Attribute("ebm.gradient.norm", "Euclidean norm of the gradient before clipping"),
        Silo = Attribute("ebm.silo", "Address of the silo that the shard was on"),
        Lane = Attribute("ebm.lane", "The lane within its silo, counted from 0"),
        Direction = Attribute(
            "ebm.direction", "`read` or `write`; between silos only `read` is counted, where the bytes arrive"),
        Payload = Attribute("ebm.payload", "What the bytes are: `slots`, `checkpoint`, `parameters`, `negatives`"),
        Cause = Attribute(
            "ebm.cause",
            "Why: `server-lost`, `silo-leaving`, `waited` (for a silo), `rewind`, `rollback`; on spans also `started`"),
        Refusal = Attribute(
            "ebm.refusal",
            "Why a call is refused: `malformed`, `too_large`, `unknown_run`, `stale_epoch`; "
            + "of clients `no_token`, `bad_token`, `expired`, `role`"),
        Size = Attribute("ebm.bytes", "Bytes that were moved"),
        Part = Attribute("ebm.part", "`bulk` or `tail` of the distribution"),
        Database = Attribute("db.system.name", "`redis`"),
        Operation = Attribute("db.operation.name", "The command; in metrics `read` or `write`"),
        Server = Attribute("server.address", "Host of Redis"),
        ServerPort = Attribute("server.port", "Port of Redis"),
        Error = Attribute("error.type", "The kind of failure; absent where there was none");

    /// <summary>Spans, the ones of a round first.</summary>
    public static readonly SpanEntry
        SubmitSpan = Span("submit", "The console hands a run over; the run's first round is below it. "
            + "Later rounds link to it", Run),
        TakeOverSpan = Span(
            "take over",
            "A parameter server is put in the place of one that was lost, that leaves, or that asked for it", Run,
            Epoch, Cause),
        RestoreSpan = Span(
            "restore", "A parameter server takes up a checkpoint and puts all shards back to it", Run, Epoch, Version),
        RoundSpan = Span(
            "round", "From the first order of a round to the end of what follows its update", Run, Round, Attempt,
            Epoch, Reason, Gap, Norm),
        AdvanceSpan = Span(
            "advance", "Below `round`: a shard is asked for its negatives until it has given them", Shard, Version,
            Silo),
        SampleSpan = Span("sample", "Below `advance`, on the shard's silo: its chains' transitions on the lanes, "
            + "waiting for them included", Device, Sampler, Steps, Blocks, Acceptance),
        PullSpan = Span("pull", "Below `advance`, on the shard's silo: a version's parameters come "
            + "from the parameter server", Version, Size),
        ReplayReadSpan = Span(
            "replay read", "A shard's slots come from Redis", Database, Operation, Server, ServerPort, Size),
        ReplayCommitSpan = Span(
            "replay commit", "A round's slots go into Redis, in one atomic step", Database, Operation, Server,
            ServerPort, Size),
        UpdateSpan = Span("update", "Below `round`: gradients of both sides, and the optimiser's step", Device),
        PublishSpan = Span("publish", "Below `round`: the new version is offered to the shards", Version),
        CheckpointSpan = Span("checkpoint", "Below `round`: all that the run needs to go on is stored", Version, Size),
        RollbackSpan = Span(
            "rollback", "Below `round`: the run has diverged, and the checkpoint of its next attempt is stored", Round,
            Attempt);

    /// <summary>Infrastructure: no run's id.</summary>
    public static readonly MetricEntry
        Rounds = Counter("ebm.rounds", "{round}", "Rounds applied by parameter servers here."),
        Negatives = Counter("ebm.negatives", "{sample}", "Negatives that went into updates."),
        RoundDuration = Histogram("ebm.round.duration", "s", "Time from one update to the next."),
        UpdateDuration = Histogram(
            "ebm.update.duration", "s", "Time of an update, from the last negatives to the new version."),
        StepDuration = Histogram(
            "ebm.sampler.step.duration", "s", "Time of one transition of one block of chains on a lane.", Sampler,
            Device),
        ServerWait = Histogram("ebm.server.wait.duration", "s", "Time that a round's update waited for negatives."),
        Staleness = Histogram(
            "ebm.staleness", "{version}", "Versions that a round's negatives lag behind the newest one."),
        AdvanceRetries = Counter("ebm.advance.retries", "{call}", "Calls to shards that failed and were made again."),
        LaneIdle = Counter("ebm.lane.idle.time", "s", "Time that a lane waited for work.", Lane, Device),
        LaneBusy = Counter("ebm.lane.busy.time", "s", "Time that a lane worked.", Lane, Device),
        Lanes = Gauge("ebm.lanes", "{lane}", "Lanes of the silo that shards are placed on.", Device),
        QueueLength = Gauge(
            "ebm.lane.queue.length", "{piece}", "Pieces of work that wait for a lane of the silo.", Device),
        ShardsAtWork = Gauge("ebm.shards.active", "{shard}", "Shards of the silo that are computing a round."),
        Servers = Gauge("ebm.servers.active", "{server}", "Parameter servers at work on the silo."),
        Slots = Gauge("ebm.slots", "{slot}", "Replay slots that shards of the silo hold."),
        SlotAge = Histogram(
            "ebm.slot.age", "{round}",
            "Rounds since a slot that a round continues was last written, as far as the shard has seen it."),
        SiloBytes = Counter(
            "ebm.silo.io", "By", "Bytes that came from other grains, on this silo or another.", Payload),
        RedisBytes = Counter(
            "ebm.redis.io", "By", "Bytes of slots and checkpoints to and from Redis.", Direction, Payload),
        RedisDuration = Histogram(
            "db.client.operation.duration", "s", "Time of a call to Redis by the stores.", Database, Operation, Error),
        RedisWaiting = Gauge("ebm.redis.waiting", "{state}", "1 while Redis does not answer or takes nothing, else 0."),
        CheckpointDuration = Histogram("ebm.checkpoint.duration", "s", "Time to store a checkpoint."),
        CheckpointSize = Histogram("ebm.checkpoint.size", "By", "Size of a checkpoint."),
        Rollbacks = Counter(
            "ebm.rollbacks", "{rollback}", "Times that a run went back by itself because it had diverged."),
        Recoveries = Counter(
            "ebm.recoveries", "{recovery}", "Times that a parameter server was put in charge of a run that had one.",
            Cause),
        Failures = Counter("ebm.run.failures", "{run}", "Runs that ended as failed."),
        Refused = Counter("ebm.calls.refused", "{call}", "Calls that grains refused.", Refusal);

    /// <summary>Training: a gauge for each run, of its latest round.</summary>
    public static readonly MetricEntry
        LatestRound = Gauge("ebm.run.round", "{round}", "The latest round of a run.", Run),
        RunRounds = Gauge("ebm.run.rounds", "{round}", "Rounds that the run is to have.", Run),
        RunShards = Gauge(
            "ebm.run.shards", "{shard}", "Shards of the run, which lanes beyond that number cannot help.", Run),
        EnergyData = Gauge("ebm.energy.data", "{nat}", "Mean energy of the data batch.", Run),
        EnergyNegatives = Gauge("ebm.energy.negatives", "{nat}", "Mean energy of the negatives.", Run),
        EnergyGap = Gauge("ebm.energy.gap", "{nat}", "Mean energy of the data less that of the negatives.", Run),
        GradientNorm = Gauge("ebm.gradient.norm", "{nat}", "Euclidean norm of the gradient before clipping.", Run),
        ParameterNorm = Gauge("ebm.parameter.norm", "{norm}", "Euclidean norm of the parameters.", Run),
        Rate = Gauge("ebm.learning.rate", "{rate}", "Learning rate.", Run),
        AcceptanceShare = Gauge(
            "ebm.acceptance", "{share}", "Mean share of accepted proposals; absent where the kernel proposes nothing.",
            Run),
        RHat = Gauge("ebm.mixing.r_hat", "{factor}", "R-hat of the chains' energies, where chains persist.", Run),
        Ess = Gauge("ebm.mixing.ess", "{draw}", "Effective number of independent energies.", Run, Part);

    /// <summary>Meters of libraries.</summary>
    public static readonly IReadOnlyList<ForeignMeter> Foreign =
    [
        new("Microsoft.Orleans", "Calls, activations, membership, messages between silos.",
        ["orleans_app_requests_latency_milliseconds_bucket", "orleans_catalog_activations",
            "orleans_gateway_connected_clients"]),
        new("System.Runtime", "CPU time, memory, garbage collections, thread pool of the process.",
        ["dotnet_process_cpu_time_seconds_total", "dotnet_process_memory_working_set_bytes",
            "dotnet_gc_pause_time_seconds_total"]),
    ];

    /// <summary>All metrics, in the order of this file.</summary>
    public static IReadOnlyList<MetricEntry> Metrics => AllMetrics;

    /// <summary>All spans.</summary>
    public static IReadOnlyList<SpanEntry> Spans => AllSpans;

    /// <summary>All attributes.</summary>
    public static IReadOnlyList<AttributeEntry> Attributes => AllAttributes;

    /// <summary>The values of <see cref="Cause"/> that are counted.</summary>
    internal static IReadOnlyList<string> Causes { get; } = [ServerLost, SiloLeaving, Waited, Rewind, Rollback];

    private static MetricEntry Counter(
        string name, string unit, string description, params AttributeEntry[] attributes) =>
        Add(AllMetrics, new MetricEntry(name, MetricKind.Counter, unit, description, attributes));

    private static MetricEntry Gauge(
        string name, string unit, string description, params AttributeEntry[] attributes) =>
        Add(AllMetrics, new MetricEntry(name, MetricKind.Gauge, unit, description, attributes));

    private static MetricEntry Histogram(
        string name, string unit, string description, params AttributeEntry[] attributes) =>
        Add(AllMetrics, new MetricEntry(name, MetricKind.Histogram, unit, description, attributes));

    private static SpanEntry Span(string name, string description, params AttributeEntry[] attributes) =>
        Add(AllSpans, new SpanEntry(name, description + ".", attributes));

    private static AttributeEntry Attribute(string name, string description) =>
        Add(AllAttributes, new AttributeEntry(name, description + "."));

    private static T Add<T>(List<T> all, T entry)
    {
        all.Add(entry);
        return entry;
    }
}
