namespace Ebm.Core.Recovery;

/// <summary>Learning has diverged: the round's result is not to be built upon.</summary>
public class DivergedException : EbmException
{
    /// <summary>With what is to be said of it.</summary>
    public DivergedException(string message, LimitViolation breach) : base(message) => Breach = breach;

    /// <summary>The limit that broke.</summary>
    public LimitViolation Breach { get; }
}
