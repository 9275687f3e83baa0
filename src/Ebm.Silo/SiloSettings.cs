namespace Ebm.Silo;

/// <summary>
/// Settings of a silo process: section <c>Ebm</c> of appsettings.json, environment variables <c>EBM_NAME</c> and so on,
/// or flags <c>--name</c> and so on. A flag overrides a variable, a variable overrides the file.
/// </summary>
internal sealed class SiloSettings
{
    /// <summary>Section of the configuration.</summary>
    public const string Section = "Ebm";

    /// <summary>The silo's name. Default: the machine's.</summary>
    public string Name { get; set; } = Environment.MachineName;

    /// <summary>The cluster's address, <c>redis://[:password@]host:port[/cluster]</c>, as in the console.</summary>
    public string Redis { get; set; } = "";

    /// <summary>Its roles: <c>control</c> (run grains, gateway), <c>chains</c> (lanes), or both.</summary>
    public string Roles { get; set; } = "control,chains";

    /// <summary>The device of its lanes: <c>cpu</c>, <c>cuda</c>, <c>cuda:1</c> or <c>auto</c>.</summary>
    public string Device { get; set; } = "auto";

    /// <summary>Number of device lanes; 0 is one for each core, or one for each GPU.</summary>
    public int Lanes { get; set; }

    /// <summary>Address at which other silos reach it.</summary>
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>
    /// Address at which it listens, except for the pages. Default: <see cref="Address"/>. 0.0.0.0 is all of the
    /// machine's.
    /// </summary>
    public string ListenAddress { get; set; } = "";

    /// <summary>Port for silos.</summary>
    public int SiloPort { get; set; } = 11111;

    /// <summary>Port for clients; unused without the role control.</summary>
    public int GatewayPort { get; set; } = 30000;

    /// <summary>
    /// The cluster's key file. The keys sign the tokens of clients, and authenticate silos to each other. <c>none</c>
    /// disables access control.
    /// </summary>
    public string AccessKeys { get; set; } = "";

    /// <summary>
    /// The silo's certificate, a PEM file. It enables TLS between silos and at the gateway, for all silos of a cluster
    /// or for none.
    /// </summary>
    public string TlsCertificate { get; set; } = "";

    /// <summary>The certificate's key, a PEM file.</summary>
    public string TlsKey { get; set; } = "";

    /// <summary>The authorities that sign silos' certificates, a PEM file; the silo trusts no others.</summary>
    public string TlsCa { get; set; } = "";

    /// <summary>The host name in all silos' certificates, independent of their addresses.</summary>
    public string TlsName { get; set; } = Tls.TlsTrust.DefaultName;

    /// <summary>Port for operators, with metrics and health checks; 0 is none.</summary>
    public int OperationsPort { get; set; } = 9464;

    /// <summary>
    /// Address of an OTLP collector (gRPC), for example <c>http://host:4317</c>. Default:
    /// <c>OTEL_EXPORTER_OTLP_ENDPOINT</c>; without either, no telemetry is sent.
    /// </summary>
    public string OtlpEndpoint { get; set; } = "";

    /// <summary>Share of rounds whose trace is sampled, from 0 to 1.</summary>
    public double TraceRatio { get; set; } = Telemetry.TelemetryOptions.DefaultRatio;

    /// <summary>Port for the pages; 0 is none. It needs the role control.</summary>
    public int PagesPort { get; set; }

    /// <summary>Address at which the pages are served, over plain HTTP; they require a token.</summary>
    public string PagesAddress { get; set; } = "127.0.0.1";

    /// <summary>
    /// Whether it runs the services of Orleans' dashboard, which the pages then show; for all silos of a cluster or for
    /// none.
    /// </summary>
    public bool Dashboard { get; set; }

    /// <summary><c>redis</c>, or a directory that all silos share.</summary>
    public string Checkpoints { get; set; } = "redis";

    /// <summary>
    /// Folders with files that specs may name, separated by <c>:</c>. <c>any</c> allows all files that the silo's user
    /// can read.
    /// </summary>
    public string DataRoots { get; set; } = "/data";

    /// <summary>Whether specs may use TorchScript modules: code that runs with the rights of the silo.</summary>
    public bool TorchScript { get; set; }

    /// <summary>
    /// Whether specs may use energies of assemblies (<c>kind: assembly</c>): code that runs with the rights of the
    /// silo.
    /// </summary>
    public bool EnergyAssemblies { get; set; }

    /// <summary>
    /// Memory limit of the parameter server of a run, and of each of its shards, in MiB; 0 is three quarters of the
    /// process's.
    /// </summary>
    public int MemoryLimit { get; set; }

    /// <summary>Timeout of a graceful stop, in seconds.</summary>
    public int ShutdownSeconds { get; set; } = 60;

    /// <summary>Lowest level of the log.</summary>
    public string Log { get; set; } = "Information";

    /// <summary>
    /// Whether a supervisor on this machine controls the silo over standard input: closing it stops the silo, and
    /// commands arm faults.
    /// </summary>
    public bool Supervised { get; set; }
}
