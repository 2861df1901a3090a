using BoxPortal.Box;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.Options;
using Microsoft.Identity.Web;

namespace BoxPortal.Graph;

/// <summary>The portal's own token for Graph, kept while it lives. Server only.</summary>
/// <remarks>
/// Not by Microsoft.Identity.Web or Azure.Identity: both refuse an identity provider on http, and so the sandbox.
/// Source: Microsoft's "OAuth 2.0 client credentials flow on the Microsoft identity platform".
/// </remarks>
/// <param name="http">The wire.</param>
/// <param name="cache">Where the token is kept.</param>
/// <param name="graph">What the token is for.</param>
/// <param name="signIn">Who we are, and where the identity provider is.</param>
/// <param name="clock">Our clock, by which the token expires.</param>
public sealed class GraphTokens(
    GraphHttp http, TokenCache cache, IOptions<GraphOptions> graph, IOptionsMonitor<MicrosoftIdentityOptions> signIn, TimeProvider clock)
{
    private const string Key = "token of the portal for Graph";

    /// <summary>A call with all its tries ends within two minutes; the token must outlive it.</summary>
    private static readonly TimeSpan s_minimumLife = TimeSpan.FromMinutes(3);

    /// <summary>The portal's own registration.</summary>
    internal string ClientId => signIn.Get(OpenIdConnectDefaults.AuthenticationScheme).ClientId!;

    /// <summary>A token with at least three minutes to live.</summary>
    /// <exception cref="GraphException">The identity provider refused (e.g. <c>invalid_client</c> for a wrong secret) or gave no usable answer.</exception>
    internal ValueTask<GraphToken> GetAsync(CancellationToken cancellationToken) =>
        cache.GetOrMintAsync(Key, s_minimumLife, MintAsync, cancellationToken);

    /// <summary>Forgets exactly the token that Graph did not honour, not one that others have fetched since.</summary>
    internal void Forget(GraphToken refused) => cache.Forget(Key, refused);

    private async Task<GraphToken> MintAsync(CancellationToken cancellationToken)
    {
        var app = signIn.Get(OpenIdConnectDefaults.AuthenticationScheme);
        var call = new GraphCall(new Uri($"{app.Instance!.TrimEnd('/')}/{app.TenantId}/oauth2/v2.0/token"), app.ClientSecret!)
        {
            Form = new Dictionary<string, string>
            {
                ["grant_type"] = "client_credentials",
                ["client_id"] = app.ClientId!,
                ["client_secret"] = app.ClientSecret!,
                ["scope"] = $"{graph.Value.BaseAddress.GetLeftPart(UriPartial.Authority)}/.default",
            },
        };
        // Twice the life needed, so that the cache finds none too short that was taken here.
        var answer = await http.SendAsync(call, body => TokenAnswer.Read(body, s_minimumLife * 2), cancellationToken);
        return new GraphToken(answer.AccessToken, clock.GetUtcNow().AddSeconds(answer.ExpiresIn));
    }
}

/// <summary>A token that reads the directory. Never leaves the server.</summary>
/// <param name="Value">The bearer string. A secret until <paramref name="ExpiresAt"/>.</param>
/// <param name="ExpiresAt">When Graph stops honouring it, UTC.</param>
internal sealed record GraphToken(string Value, DateTimeOffset ExpiresAt) : IExpiringToken
{
    /// <summary>Never the value, so that logging the record by accident is harmless.</summary>
    public override string ToString() => $"GraphToken, expires {ExpiresAt:u}";
}
