namespace Ebm.Core.Recovery;

/// <summary>Training has diverged. The result of the round must not be used.</summary>
public class DivergedException : EbmException
{
    /// <summary>Creates the exception with a message for the user.</summary>
    public DivergedException(string message, LimitViolation violation) : base(message) => Violation = violation;

    /// <summary>The violated limit.</summary>
    public LimitViolation Violation { get; }
}
