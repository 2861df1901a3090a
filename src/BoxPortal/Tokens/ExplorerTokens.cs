using System.Threading.RateLimiting;
using BoxPortal.AppUsers;
using BoxPortal.Audit;
using BoxPortal.Box;
using BoxPortal.SignIn;
using Microsoft.Extensions.Options;

namespace BoxPortal.Tokens;

/// <summary>Gives an employee the downscoped token of their own app user. There is no way to name another.</summary>
public sealed partial class ExplorerTokens(
    AppUserDirectory directory,
    BoxSubjectTokens subjectTokens,
    BoxTokens boxTokens,
    TokenCache cache,
    AuditTrail audit,
    IOptions<ExplorerOptions> options,
    TimeProvider clock,
    ILogger<ExplorerTokens> logger) : IDisposable
{
    /// <summary>Replacing a token costs Box a call and the record a line; Box refuses a living token next to never.</summary>
    private readonly PartitionedRateLimiter<EmployeeId> _replacements = PartitionedRateLimiter.Create<EmployeeId, EmployeeId>(
        employee => RateLimitPartition.GetFixedWindowLimiter(employee, _ => new() { PermitLimit = 5, Window = TimeSpan.FromMinutes(10) }));

    /// <summary>Life left at least in every token that is handed out: longer than a page stays idle before it asks again.</summary>
    public static readonly TimeSpan MinimumLife = TimeSpan.FromMinutes(5);

    /// <summary>The token for the employee's Explorer, from memory or newly made; one being made is shared by all who ask meanwhile.</summary>
    /// <param name="employee">The person signed in, from the session and nowhere else.</param>
    /// <param name="refused">Fingerprint of the token that Box has refused to the page, if so: then another, but for somebody who says so time and again.</param>
    /// <param name="cancellationToken">Stops the waiting, not the making.</param>
    public async Task<TokenResult> GetAsync(Employee employee, string? refused, CancellationToken cancellationToken)
    {
        var mapping = await directory.GetAsync(employee, cancellationToken);
        try
        {
            mapping = await directory.ProvisionByPolicyAsync(mapping, cancellationToken);
            if (mapping is not { State: MappingState.Mapped, AppUserId: { } appUserId })
            {
                return await RefuseAsync(mapping, refusal: null, cancellationToken);
            }

            var scopes = options.Value.ScopesFor(employee.Roles);
            var key = $"explorer {appUserId} {string.Join(' ', scopes)}";
            ValueTask<DownscopedToken> KeptOrMintedAsync() =>
                cache.GetOrMintAsync(key, MinimumLife, minting => MintAsync(employee, appUserId, scopes, minting), cancellationToken);
            var token = await KeptOrMintedAsync();
            if (token.Fingerprint == refused && MayReplace(employee.Id, permits: 0))
            {
                var replaced = cache.Forget(key, token) && MayReplace(employee.Id, permits: 1) ? token : null;
                token = await KeptOrMintedAsync();
                if (replaced is not null)
                {
                    _ = RevokeAsync(replaced); // the page need not wait for that
                }
            }

            return new TokenResult.Minted(token);
        }
        catch (BoxApiException refusal)
        {
            return await ExplainAsync(mapping, refusal, cancellationToken);
        }
    }

    /// <summary>Whether a page should show the Explorer, or which refusal instead. Makes no call to Box.</summary>
    /// <returns><c>null</c> for somebody who has an app user, or for whom asking for a token makes one.</returns>
    public TokenRefusal? RefusalFor(AppUserMapping mapping) =>
        directory.ProvisionsByPolicy(mapping) ? null : TokenRefusals.Of(mapping.State);

    /// <inheritdoc />
    public void Dispose() => _replacements.Dispose();

    /// <summary>Of all who ask to replace the same token only the one who does it takes a permit; the others only see that there is one.</summary>
    private bool MayReplace(EmployeeId employee, int permits)
    {
        using var lease = _replacements.AttemptAcquire(employee, permits);
        return lease.IsAcquired;
    }

    /// <summary>Whoever called it refused may have been mistaken: then it lives on at Box, for nobody.</summary>
    private async Task RevokeAsync(DownscopedToken replaced)
    {
        try
        {
            await boxTokens.RevokeAsync(replaced.Value, CancellationToken.None);
        }
        catch (BoxApiException refusal)
        {
            Log.NotRevoked(logger, replaced.Fingerprint, refusal.Message);
        }
    }

    private async Task<DownscopedToken> MintAsync(Employee employee, string appUserId, IReadOnlyList<string> scopes, CancellationToken cancellationToken)
    {
        var subject = new BoxSubject.AppUser(appUserId);
        var parent = await subjectTokens.GetAsync(subject, cancellationToken);
        DownscopedToken token;
        try
        {
            token = await boxTokens.DownscopeAsync(parent, scopes, cancellationToken);
        }
        catch (BoxApiException refusal) when (!refusal.IsTransient)
        {
            // A parent that Box has revoked meanwhile: one new one, and what Box says then stands.
            await subjectTokens.ForgetAsync(subject, cancellationToken);
            token = await boxTokens.DownscopeAsync(await subjectTokens.GetAsync(subject, cancellationToken), scopes, cancellationToken);
        }

        // No token leaves that the record does not know of.
        await audit.WriteAsync(audit.Entry(AuditKind.TokenMinted, employee.Id, employee.Name, employee.UserName,
            $"For {(token.ExpiresAt - clock.GetUtcNow()).TotalMinutes:0} minutes, with scopes {string.Join(' ', scopes)}.", appUserId, token.Fingerprint), cancellationToken);
        Log.Minted(logger, token.Fingerprint, appUserId, token.ExpiresAt);
        return token;
    }

    /// <summary>Finds out whether Box refused because of this app user, or for a reason that is nobody's in particular.</summary>
    private async Task<TokenResult> ExplainAsync(AppUserMapping mapping, BoxApiException refusal, CancellationToken cancellationToken)
    {
        Log.BoxRefused(logger, mapping.AppUserId, refusal.Message);
        if (!refusal.IsTransient && mapping.AppUserId is { } appUserId)
        {
            try
            {
                if (await directory.DiagnoseAsync(mapping.EmployeeId, appUserId, refusal, cancellationToken) is { State: not MappingState.Mapped } found)
                {
                    return await RefuseAsync(found, refusal, cancellationToken);
                }
            }
            catch (BoxApiException alsoRefused)
            {
                Log.BoxRefused(logger, appUserId, alsoRefused.Message);
            }
        }

        var reference = Reference.New();
        await audit.WriteAsync(audit.Entry(AuditKind.TokenRefused, mapping.EmployeeId, mapping.Name, AuditTrail.Portal,
            $"Box gave no token: {refusal.Message}", mapping.AppUserId, refusal: refusal, reference: reference), cancellationToken);
        return new TokenResult.Refused(TokenRefusal.BoxUnavailable, reference) { RetryAfter = refusal.RetryAfter };
    }

    private async Task<TokenResult> RefuseAsync(AppUserMapping mapping, BoxApiException? refusal, CancellationToken cancellationToken)
    {
        await audit.WriteAsync(audit.Entry(AuditKind.TokenRefused, mapping.EmployeeId, mapping.Name, AuditTrail.Portal,
            $"No token: {mapping.Cause}", mapping.AppUserId, refusal: refusal, reference: mapping.Reference), cancellationToken);
        return new TokenResult.Refused(TokenRefusals.Of(mapping.State) ?? TokenRefusal.NotMapped, mapping.Reference);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Made token {Fingerprint} for app user {AppUserId}, good until {ExpiresAt}")]
        public static partial void Minted(ILogger logger, string fingerprint, string appUserId, DateTimeOffset expiresAt);

        [LoggerMessage(2, LogLevel.Warning, "Box gave no token for app user {AppUserId}: {Refusal}")]
        public static partial void BoxRefused(ILogger logger, string? appUserId, string refusal);

        [LoggerMessage(3, LogLevel.Warning, "Token {Fingerprint} was replaced, but Box did not end it: {Refusal}")]
        public static partial void NotRevoked(ILogger logger, string fingerprint, string refusal);
    }
}
