namespace Ebm.Client.Local;

/// <summary>The configuration of a silo.</summary>
/// <param name="Name">Its name, which it keeps when it is restarted.</param>
/// <param name="Roles"><c>control</c>, <c>chains</c>, or both with a comma.</param>
/// <param name="Lanes">Its device lanes.</param>
/// <param name="OperationsPort">Its port for metrics and health; 0 is none.</param>
/// <param name="PagesPort">Its port for the pages; 0 is none.</param>
internal sealed record SiloPlan(string Name, string Roles, int Lanes, int OperationsPort, int PagesPort = 0)
{
    private const string Control = "control", Chains = "chains";

    /// <summary>Whether clients may connect to it.</summary>
    public bool HasGateway => Roles.Contains(Control, StringComparison.Ordinal);

    /// <summary>The silos of a cluster. Their numbers of lanes differ by at most one.</summary>
    public static IReadOnlyList<SiloPlan> Of(LocalClusterOptions options)
    {
        var lanes = options.Lanes > 0 ? options.Lanes : Math.Max(Environment.ProcessorCount, options.Silos);
        SiloPlan[] silos =
        [
            .. Enumerable.Range(1, options.Control).Select(i =>
                new SiloPlan($"control-{i}", Control, 0, Port(options, i - 1))),
            .. Enumerable.Range(1, options.Silos).Select(i => WithLanes(
                options, i, (lanes / options.Silos) + (i <= lanes % options.Silos ? 1 : 0))),
        ];
        silos[0] = silos[0] with { PagesPort = options.PagesPort ?? 0 };
        return silos;
    }

    /// <summary>The silo with lanes of a number, counted from 1.</summary>
    public static SiloPlan WithLanes(LocalClusterOptions options, int number, int lanes) => new(
        $"silo-{number}", options.Control > 0 ? Chains : $"{Control},{Chains}", lanes,
        Port(options, options.Control + number - 1));

    private static int Port(LocalClusterOptions options, int silo) =>
        options.OperationsPort == 0 ? 0 : options.OperationsPort + silo;
}
