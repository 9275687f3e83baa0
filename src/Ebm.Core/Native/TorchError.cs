namespace Ebm.Core.Native;

/// <summary>What libtorch has to say, without the frames of its own stack.</summary>
internal static class TorchError
{
    private const int Longest = 300;

    /// <summary>What libtorch puts before the reason, if the reason does not follow on the same line.</summary>
    private const string What = "what():";

    private static readonly string[] Noise =
        ["Exception raised from", "frame #", "The following operation failed", "terminate called"];

    /// <summary>The line of a message that names the reason.</summary>
    public static string Brief(Exception e) => Brief(e.Message);

    /// <inheritdoc cref="Brief(Exception)"/>
    public static string Brief(string message)
    {
        string[] lines = [.. message.Split('\n').Select(Plain).Where(
            line => line.Length > 0 && !Noise.Any(n => line.StartsWith(n, StringComparison.Ordinal)))];
        var reason = lines.LastOrDefault(l => l.Contains("Error: ", StringComparison.Ordinal))
            ?? lines.FirstOrDefault() ?? "it gives no reason";
        return reason.Length <= Longest ? reason : reason[..Longest] + "...";
    }

    private static string Plain(string line) =>
        line.Trim() is var plain && plain.StartsWith(What, StringComparison.Ordinal)
            ? plain[What.Length..].Trim()
            : plain;
}
