using Ebm.Core;

namespace Ebm.Configuration.Reading;

/// <summary>A spec is not valid. The message has one line per problem, in the order of the file.</summary>
public sealed class SpecException : InputException
{
    /// <summary>All problems, in the order of the file.</summary>
    public IReadOnlyList<SpecProblem> Problems { get; } = [];

    /// <summary>An exception for one or more problems.</summary>
    public SpecException(IEnumerable<SpecProblem> problems) : this(Ordered(problems)) { }

    /// <inheritdoc/>
    public SpecException(string message) : base(message) { }

    /// <inheritdoc/>
    public SpecException(string message, Exception inner) : base(message, inner) { }

    /// <inheritdoc/>
    public SpecException() { }

    private SpecException(SpecProblem[] ordered) : base(string.Join('\n', ordered.AsEnumerable())) =>
        Problems = ordered;

    // Overrides (line 0) follow the file in their given order: OrderBy is stable.
    private static SpecProblem[] Ordered(IEnumerable<SpecProblem> problems) =>
        [.. problems.OrderBy(p => p.Line == 0).ThenBy(p => p.Line).ThenBy(p => p.Column)];
}
