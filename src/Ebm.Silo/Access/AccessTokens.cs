using System.Collections.Concurrent;
using Ebm.Contracts.Access;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Ebm.Silo.Access;

/// <summary>What a token says, or why it says nothing.</summary>
/// <param name="Name">Whom it was given to.</param>
/// <param name="Role">What he may do.</param>
/// <param name="Expires">Until when.</param>
/// <param name="Problem">Why it does not count: <c>bad_token</c> or <c>expired</c>; null where it does.</param>
public readonly record struct AccessToken(string Name, Role Role, DateTimeOffset Expires, string? Problem = null);

/// <summary>
/// Tokens of a cluster: JSON Web Tokens (RFC 7519) signed with HMAC-SHA-256 by a key of the cluster, for that cluster,
/// with a name, a role and an end.
/// </summary>
public sealed class AccessTokens(AccessKeys keys, string cluster, TimeProvider time)
{
    private const string Issuer = "ebm", RoleClaim = "role";
    private const int MostRemembered = 1000, LongestToken = 4096;

    private readonly JsonWebTokenHandler _handler =
        new() { MapInboundClaims = false, SetDefaultTimesOnTokenCreation = false };
    private readonly ConcurrentDictionary<string, (KeySet Keys, AccessToken Token)> _known = new();

    /// <summary>Makes one.</summary>
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
            Claims = new Dictionary<string, object> { ["sub"] = name,
                [RoleClaim] = role.ToString().ToLowerInvariant() },
            SigningCredentials = new SigningCredentials(SecurityKeyOf(key), SecurityAlgorithms.HmacSha256),
        });
    }

    /// <summary>Looks at one.</summary>
    public async Task<AccessToken> Read(string token)
    {
        var current = keys.Current;
        if (!_known.TryGetValue(token, out var known) || known.Keys != current)
        {
            known = (current, token.Length > LongestToken
                ? default(AccessToken) with { Problem = "bad_token" }
                : await Validate(token, current));
            if (known.Token.Problem is null)
            {
                if (_known.Count >= MostRemembered)
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
        var result = await _handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = Issuer,
            ValidAudience = cluster,
            ValidAlgorithms = [SecurityAlgorithms.HmacSha256],
            RequireSignedTokens = true,
            RequireExpirationTime = true,
            IssuerSigningKeys = current.Keys.Select(SecurityKeyOf),

            // By our own clock, at every look.
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
