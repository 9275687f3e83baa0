using Ebm.Core;

namespace Ebm.Configuration.Reading;

/// <summary>A spec that cannot be run. The message has a line for each problem, in the order of the file.</summary>
public sealed class SpecException : InputException
{
    /// <summary>All that is wrong.</summary>
    public IReadOnlyList<SpecProblem> Problems { get; } = [];

    /// <summary>An exception for at least one problem.</summary>
    public SpecException(IEnumerable<SpecProblem> problems) : this(Ordered(problems)) { }

    /// <inheritdoc/>
    public SpecException(string message) : base(message) { }

    /// <inheritdoc/>
    public SpecException(string message, Exception inner) : base(message, inner) { }

    /// <inheritdoc/>
    public SpecException() { }

    private SpecException(SpecProblem[] ordered) : base(string.Join('\n', ordered.AsEnumerable())) =>
        Problems = ordered;

    // Overrides (line 0) come after the file, in the order they were given: OrderBy is stable.
    private static SpecProblem[] Ordered(IEnumerable<SpecProblem> problems) =>
        [.. problems.OrderBy(p => p.Line == 0).ThenBy(p => p.Line).ThenBy(p => p.Column)];
}
