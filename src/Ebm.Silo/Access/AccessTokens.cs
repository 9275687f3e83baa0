using System.Collections.Concurrent;
using Ebm.Contracts.Access;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Ebm.Silo.Access;

/// <summary>The claims of a token, or the reason why it is invalid.</summary>
/// <param name="Name">The user.</param>
/// <param name="Role">The user's role.</param>
/// <param name="Expires">The time of expiry.</param>
/// <param name="Problem">Why it is invalid: <c>bad_token</c> or <c>expired</c>; null if it is valid.</param>
internal readonly record struct AccessToken(string Name, Role Role, DateTimeOffset Expires, string? Problem = null);

/// <summary>
/// Tokens of a cluster: JSON Web Tokens (RFC 7519) with a user, a role, an expiry and the cluster as their audience,
/// signed with HMAC-SHA-256 by a key of the cluster.
/// </summary>
internal sealed class AccessTokens(AccessKeys keys, string cluster, TimeProvider time)
{
    private const string Issuer = "ebm", RoleClaim = "role";
    private const int MaximumCached = 1000, MaximumLength = 4096;

    private readonly JsonWebTokenHandler _handler =
        new() { MapInboundClaims = false, SetDefaultTimesOnTokenCreation = false };

    private readonly ConcurrentDictionary<string, (KeySet Keys, AccessToken Token)> _known = new();

    /// <summary>Issues a token.</summary>
    public string Make(string name, Role role, TimeSpan lifetime)
    {
        var key = keys.Current.Keys[0];
        var now = time.GetUtcNow().UtcDateTime;
        return _handler.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = Issuer,
            Audience = cluster,
            IssuedAt = now,
            Expires = now + lifetime,
            Claims = new Dictionary<string, object>
            {
                ["sub"] = name, [RoleClaim] = role.ToString().ToLowerInvariant(),
            },
            SigningCredentials = new SigningCredentials(SecurityKeyOf(key), SecurityAlgorithms.HmacSha256),
        });
    }

    /// <summary>Reads and validates a token.</summary>
    public async Task<AccessToken> Read(string token)
    {
        var current = keys.Current;
        if (!_known.TryGetValue(token, out var known) || known.Keys != current)
        {
            known = (current, await Validate(token, current));
            if (known.Token.Problem is null)
            {
                if (_known.Count >= MaximumCached)
                {
                    _known.Clear();
                }

                _known[token] = known;
            }
        }

        return known.Token.Problem is null && known.Token.Expires <= time.GetUtcNow()
            ? known.Token with { Problem = "expired" }
            : known.Token;
    }

    private async Task<AccessToken> Validate(string token, KeySet current)
    {
        if (token.Length > MaximumLength)
        {
            return default(AccessToken) with { Problem = "bad_token" };
        }

        var result = await _handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = Issuer,
            ValidAudience = cluster,
            ValidAlgorithms = [SecurityAlgorithms.HmacSha256],
            RequireSignedTokens = true,
            RequireExpirationTime = true,
            IssuerSigningKeys = current.Keys.Select(SecurityKeyOf),

            // Read compares the expiry with our TimeProvider, at each call.
            LifetimeValidator = (_, expires, _, _) => expires is not null,
        });
        return result is { IsValid: true, SecurityToken: JsonWebToken read }
            && read.TryGetClaim(RoleClaim, out var claim)
            && Enum.TryParse<Role>(claim.Value, ignoreCase: true, out var role) && Enum.IsDefined(role)
                ? new AccessToken(read.Subject ?? "", role, new DateTimeOffset(read.ValidTo, TimeSpan.Zero))
                : default(AccessToken) with { Problem = "bad_token" };
    }

    private static SymmetricSecurityKey SecurityKeyOf(AccessKey key) => new(key.Secret) { KeyId = key.Name };
}
