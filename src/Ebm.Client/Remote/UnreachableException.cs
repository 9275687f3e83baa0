using Ebm.Core;

namespace Ebm.Client.Remote;

/// <summary>The cluster cannot be reached, or does not answer.</summary>
internal sealed class UnreachableException : EbmException
{
    public UnreachableException(string message)
        : base(message)
    {
    }

    public UnreachableException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
