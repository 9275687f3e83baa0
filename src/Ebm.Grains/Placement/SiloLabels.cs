using System.Globalization;
using Ebm.Contracts.Placement;
using Ebm.Core.Checkpoints;
using Ebm.Grains.Devices;
using TorchSharp;

namespace Ebm.Grains.Placement;

/// <summary>What a silo says of itself to the others: its metadata, which placement reads.</summary>
/// <param name="Control">Whether it holds run grains.</param>
/// <param name="Lanes">Device lanes; 0 where it computes nothing.</param>
/// <param name="Device">Kind of device of its lanes, <c>cpu</c> or <c>cuda</c>.</param>
/// <param name="Numerics">Its numerics fingerprint.</param>
/// <param name="Version">Version of the program.</param>
/// <param name="Process">Its process on its machine.</param>
/// <param name="Since">Since when it is up.</param>
internal sealed record SiloLabels(
    bool Control, int Lanes, string? Device, string? Numerics, string Version, int Process, DateTimeOffset Since)
{
    private const string ControlKey = "ebm.control", LanesKey = "ebm.lanes", DeviceKey = "ebm.device",
        NumericsKey = "ebm.numerics", VersionKey = "ebm.version", ProcessKey = "ebm.process", SinceKey = "ebm.since";

    /// <summary>Its roles, as configuration names them.</summary>
    public string Roles => (Control, Lanes > 0) switch
    {
        (true, true) => "control,chains",
        (true, false) => "control",
        _ => "chains",
    };

    /// <summary>As metadata.</summary>
    public Dictionary<string, string> Write()
    {
        var labels = new Dictionary<string, string>
        {
            [ControlKey] = Control ? "true" : "false",
            [LanesKey] = Lanes.ToString(CultureInfo.InvariantCulture),
            [VersionKey] = Version,
            [ProcessKey] = Process.ToString(CultureInfo.InvariantCulture),
            [SinceKey] = Since.ToString("O", CultureInfo.InvariantCulture),
        };
        if (Lanes > 0)
        {
            (labels[DeviceKey], labels[NumericsKey]) = (Device!, Numerics!);
        }

        return labels;
    }

    /// <summary>From metadata; of a silo that says nothing (yet), one that takes nothing.</summary>
    public static SiloLabels Read(IReadOnlyDictionary<string, string> labels) => new(
        labels.GetValueOrDefault(ControlKey) == "true",
        Number(labels, LanesKey),
        labels.GetValueOrDefault(DeviceKey),
        labels.GetValueOrDefault(NumericsKey),
        labels.GetValueOrDefault(VersionKey, "?"),
        Number(labels, ProcessKey),
        DateTimeOffset.TryParse(labels.GetValueOrDefault(SinceKey), CultureInfo.InvariantCulture, out var since)
            ? since
            : default);

    /// <summary>Of this process.</summary>
    /// <param name="control">Whether it holds run grains.</param>
    /// <param name="lanes">Its lanes; null where it computes nothing.</param>
    /// <param name="time">The clock.</param>
    public static SiloLabels Here(bool control, LaneOptions? lanes, TimeProvider time)
    {
        var devices = lanes is null ? [] : LaneDevices.Resolve(lanes);
        var device = devices.Count == 0 ? (DeviceType?)null : devices[0].type;
        return new SiloLabels(
            control,
            devices.Count,
            device?.ToString().ToLowerInvariant(),
            device is { } kind ? NumericsFingerprint.Current(kind) : null,
            typeof(SiloLabels).Assembly.GetName().Version?.ToString(3) ?? "?",
            Environment.ProcessId,
            time.GetUtcNow());
    }

    /// <summary>Whether a run's arithmetic may be done there.</summary>
    public bool Meets(RunRequirements needs) =>
        Lanes > 0 && Device == needs.Device && (needs.Numerics is null || needs.Numerics == Numerics);

    private static int Number(IReadOnlyDictionary<string, string> labels, string key) =>
        int.TryParse(labels.GetValueOrDefault(key), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : 0;
}
