namespace Ebm.Client.Access;

/// <summary>Attaches the token to every call.</summary>
internal sealed class TokenCallFilter(string? token) : IOutgoingGrainCallFilter
{
    /// <inheritdoc/>
    public Task Invoke(IOutgoingGrainCallContext context)
    {
        if (token is not null)
        {
            RequestContext.Set(Contracts.Access.CallerContext.Token, token);
        }

        return context.Invoke();
    }
}
