namespace Ebm.Silo;

/// <summary>
/// Settings of a silo process: section <c>Ebm</c> of appsettings.json, environment variables <c>EBM_NAME</c> and so on,
/// or flags <c>--name</c> and so on; the later one counts.
/// </summary>
public sealed class SiloSettings
{
    /// <summary>Section of the configuration.</summary>
    public const string Section = "Ebm";

    /// <summary>The silo's name; the machine's if not given.</summary>
    public string Name { get; set; } = Environment.MachineName;

    /// <summary>The cluster's address, <c>redis://[:password@]host:port[/cluster]</c>, as the console has it.</summary>
    public string Redis { get; set; } = "";

    /// <summary>What it does: <c>control</c> (run grains, gateway), <c>chains</c> (lanes), or both.</summary>
    public string Roles { get; set; } = "control,chains";

    /// <summary>The device of its lanes: <c>cpu</c>, <c>cuda</c>, <c>cuda:1</c> or <c>auto</c>.</summary>
    public string Device { get; set; } = "auto";

    /// <summary>Device lanes; 0 is one for each core, or one for each GPU.</summary>
    public int Lanes { get; set; }

    /// <summary>Address that other silos reach it at.</summary>
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>
    /// Address that it listens at, but for the pages; <see cref="Address"/> if not given. 0.0.0.0 is all that the
    /// machine has.
    /// </summary>
    public string ListenAddress { get; set; } = "";

    /// <summary>Port for silos.</summary>
    public int SiloPort { get; set; } = 11111;

    /// <summary>Port for clients; without the role control there is none.</summary>
    public int GatewayPort { get; set; } = 30000;

    /// <summary>
    /// The cluster's file of keys, which sign the tokens of its clients and by which silos know each other; <c>none</c>
    /// lets everybody do everything.
    /// </summary>
    public string AccessKeys { get; set; } = "";

    /// <summary>
    /// The silo's certificate, a PEM file; with it everything between silos and at the gateway goes over TLS. All silos
    /// of a cluster have one, or none.
    /// </summary>
    public string TlsCertificate { get; set; } = "";

    /// <summary>The certificate's key, a PEM file.</summary>
    public string TlsKey { get; set; } = "";

    /// <summary>The authorities that sign silos' certificates, a PEM file; no other is trusted.</summary>
    public string TlsCa { get; set; } = "";

    /// <summary>The name that all silos' certificates are for, whatever their addresses.</summary>
    public string TlsName { get; set; } = Tls.TlsTrust.UsualName;

    /// <summary>Port for those who operate it, with metrics and health; 0 is none.</summary>
    public int OperationsPort { get; set; } = 9464;

    /// <summary>
    /// Address of a collector that takes OTLP over gRPC, as <c>http://host:4317</c>; if not given, what
    /// <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> says; without either nothing is sent.
    /// </summary>
    public string OtlpEndpoint { get; set; } = "";

    /// <summary>Share of rounds of which a trace is kept, from 0 to 1, where nothing else asks for it.</summary>
    public double TraceRatio { get; set; } = Telemetry.TelemetryOptions.UsualRatio;

    /// <summary>Port for the pages; 0 is none. Only with the role control.</summary>
    public int PagesPort { get; set; }

    /// <summary>Address that the pages are served at. They ask for a token, and are plain HTTP.</summary>
    public string PagesAddress { get; set; } = "127.0.0.1";

    /// <summary>
    /// Whether it has the parts of Orleans' own dashboard, which the pages then show: of a cluster all silos have them,
    /// or none.
    /// </summary>
    public bool Dashboard { get; set; }

    /// <summary><c>redis</c>, or a directory that all silos share.</summary>
    public string Checkpoints { get; set; } = "redis";

    /// <summary>
    /// Folders in which specs may name files, with <c>:</c> between them; <c>any</c> is all that the silo's user may
    /// read.
    /// </summary>
    public string DataRoots { get; set; } = "/data";

    /// <summary>Whether specs may bring TorchScript modules: code, which runs with all that the silo may do.</summary>
    public bool TorchScript { get; set; }

    /// <summary>
    /// Most memory of one run's parameter server, or of one of its shards, in MiB; 0 is three quarters of what the
    /// process may have.
    /// </summary>
    public int MemoryLimit { get; set; }

    /// <summary>Seconds that a graceful stop may take.</summary>
    public int ShutdownSeconds { get; set; } = 60;

    /// <summary>Lowest level that is logged.</summary>
    public string Log { get; set; } = "Information";

    /// <summary>
    /// Whether a supervisor on this machine holds the other end of standard input: its end stops the silo, and it may
    /// arm faults.
    /// </summary>
    public bool Supervised { get; set; }
}
