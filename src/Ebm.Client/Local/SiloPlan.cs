namespace Ebm.Client.Local;

/// <summary>A silo that is to be.</summary>
/// <param name="Name">Its name, which it keeps when it is started again.</param>
/// <param name="Roles"><c>control</c>, <c>chains</c>, or both with a comma.</param>
/// <param name="Lanes">Its device lanes.</param>
/// <param name="OperationsPort">Its port for metrics and health; 0 is none.</param>
/// <param name="PagesPort">The port on which it serves the pages; 0 for none.</param>
internal sealed record SiloPlan(string Name, string Roles, int Lanes, int OperationsPort, int PagesPort = 0)
{
    private const string Control = "control", Chains = "chains";

    /// <summary>Whether clients may connect to it.</summary>
    public bool HasGateway => Roles.Contains(Control, StringComparison.Ordinal);

    /// <summary>The silos of a cluster; lanes are shared among them as evenly as whole numbers allow.</summary>
    public static IReadOnlyList<SiloPlan> Of(LocalClusterOptions options)
    {
        var lanes = options.Lanes > 0 ? options.Lanes : Math.Max(Environment.ProcessorCount, options.Silos);
        SiloPlan[] silos =
        [
            .. Enumerable.Range(1, options.Control)
            .Select(i => new SiloPlan($"control-{i}", Control, 0, Port(options, i - 1))),
            .. Enumerable.Range(1, options.Silos).Select(i => Another(
                options, i, (lanes / options.Silos) + (i <= lanes % options.Silos ? 1 : 0))),
        ];
        silos[0] = silos[0] with { PagesPort = options.PagesPort ?? 0 };
        return silos;
    }

    /// <summary>One more silo with lanes.</summary>
    public static SiloPlan Another(LocalClusterOptions options, int number, int lanes) =>
        new(
            $"silo-{number}", options.Control > 0 ? Chains : $"{Control},{Chains}", lanes,
            Port(options, options.Control + number - 1));

    private static int Port(LocalClusterOptions options, int silo) =>
        options.OperationsPort == 0 ? 0 : options.OperationsPort + silo;
}
