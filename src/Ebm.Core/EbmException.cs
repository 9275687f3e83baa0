namespace Ebm.Core;

/// <summary>
/// An error that the user can act on. The message says what is wrong, where, what was expected and what to do. It is
/// shown without a stack trace.
/// </summary>
public class EbmException : Exception
{
    /// <inheritdoc/>
    public EbmException(string message) : base(message) { }

    /// <inheritdoc/>
    public EbmException(string message, Exception inner) : base(message, inner) { }

    /// <inheritdoc/>
    public EbmException() { }
}

/// <summary>Invalid input (spec, data, file). Nothing was changed. The console exits with code 2.</summary>
public class InputException : EbmException
{
    /// <inheritdoc/>
    public InputException(string message) : base(message) { }

    /// <inheritdoc/>
    public InputException(string message, Exception inner) : base(message, inner) { }

    /// <inheritdoc/>
    public InputException() { }
}
