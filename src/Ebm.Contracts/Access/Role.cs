using Ebm.Core;

namespace Ebm.Contracts.Access;

/// <summary>What a client may do; each may what those before it may.</summary>
internal enum Role
{
    /// <summary>Look at runs, and use their models.</summary>
    Read,

    /// <summary>Submit runs, stop them, go on with them.</summary>
    Submit,

    /// <summary>Delete runs.</summary>
    Admin,
}

/// <summary>
/// Opens a method of a grain to clients of a role and above. One without it is called by silos alone.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class OpenToAttribute(Role role) : Attribute
{
    /// <summary>The least role.</summary>
    public Role Role => role;
}

/// <summary>Who calls, as a client says it and silos say it.</summary>
internal static class CallerContext
{
    /// <summary>Key of a client's token in the context of its calls.</summary>
    public const string Token = "ebm.token";

    /// <summary>Key of the mark by which silos know each other's calls.</summary>
    public const string Silo = "ebm.silo";
}

/// <summary>A call that its caller may not make. The message says why, and shows no token.</summary>
internal sealed class AccessDeniedException(string message) : InputException(message);
