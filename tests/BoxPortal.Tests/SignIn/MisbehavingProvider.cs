using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;

namespace BoxPortal.Tests.SignIn;

/// <summary>
/// An identity provider of Entra's shape that does as a test says: what it answers to a code is decided code by code. It
/// checks PKCE and takes a code once, unless the test has it look away.
/// </summary>
public sealed class MisbehavingProvider : IAsyncDisposable
{
    public const string TenantId = "11111111-2222-4333-8444-555555555555";
    public const string ClientId = "66666666-7777-4888-9999-aaaaaaaaaaaa";
    public const string ClientSecret = "a client secret of the misbehaving provider";

    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, GrantedCode> _grants = new();

    private MisbehavingProvider()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        _app = builder.Build();
        Metadata = () => Results.Json(new
        {
            issuer = Issuer,
            authorization_endpoint = $"{Tenant}/oauth2/v2.0/authorize",
            token_endpoint = $"{Tenant}/oauth2/v2.0/token",
            end_session_endpoint = $"{Tenant}/oauth2/v2.0/logout",
            jwks_uri = $"{Tenant}/discovery/v2.0/keys",
        });
        Published = [SigningKey];
        Keys = () => Results.Json(new { keys = Published.Select(Jwk) });
        _app.MapGet($"/{TenantId}/v2.0/.well-known/openid-configuration", () => Metadata());
        _app.MapGet($"/{TenantId}/discovery/v2.0/keys", () => Keys());
        _app.MapPost($"/{TenantId}/oauth2/v2.0/token", RedeemAsync);
    }

    public Uri Address => new(_app.Urls.First());

    public string Issuer => $"{Tenant}/v2.0";

    /// <summary>What the discovery document's address answers.</summary>
    public Func<IResult> Metadata { get; set; }

    /// <summary>What the keys' address answers.</summary>
    public Func<IResult> Keys { get; set; }

    /// <summary>The keys an honest <see cref="Keys"/> lists.</summary>
    public IReadOnlyList<RsaSecurityKey> Published { get; set; }

    public RsaSecurityKey SigningKey { get; set; } = NewKey();

    private string Tenant => $"{Address.GetLeftPart(UriPartial.Authority)}/{TenantId}";

    public static async Task<MisbehavingProvider> StartAsync()
    {
        var provider = new MisbehavingProvider();
        await provider._app.StartAsync();
        return provider;
    }

    /// <summary>A portal that trusts this provider.</summary>
    public Task<PortalHost> StartPortalAsync() => PortalHost.StartAsync(new Dictionary<string, string>
    {
        ["AzureAd:Instance"] = Address.ToString(),
        ["AzureAd:TenantId"] = TenantId,
        ["AzureAd:ClientId"] = ClientId,
        ["AzureAd:ClientSecret"] = ClientSecret,
    });

    public static RsaSecurityKey NewKey() => new(RSA.Create(2048)) { KeyId = Guid.NewGuid().ToString("N") };

    public static JsonObject Jwk(RsaSecurityKey key)
    {
        var parameters = key.Rsa.ExportParameters(false);
        return new JsonObject
        {
            ["kty"] = "RSA",
            ["use"] = "sig",
            ["kid"] = key.KeyId,
            ["n"] = Base64UrlEncoder.Encode(parameters.Modulus),
            ["e"] = Base64UrlEncoder.Encode(parameters.Exponent),
        };
    }

    /// <summary>Makes a code.</summary>
    /// <param name="codeChallenge">What its verifier must hash to; <c>null</c> to look away.</param>
    /// <param name="answer">What the token endpoint answers to it.</param>
    public string Grant(string? codeChallenge, Func<IResult> answer)
    {
        var code = Guid.NewGuid().ToString("N");
        _grants[code] = new GrantedCode(codeChallenge, answer);
        return code;
    }

    private async Task<IResult> RedeemAsync(HttpRequest request)
    {
        var form = await request.ReadFormAsync();
        return form["client_secret"] == ClientSecret
            && _grants.TryRemove(form["code"].ToString(), out var grant)
            && (grant.CodeChallenge is null || grant.CodeChallenge == Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"].ToString()))))
            ? grant.Answer()
            : Results.Json(new { error = "invalid_grant" }, statusCode: (int)HttpStatusCode.BadRequest);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private sealed record GrantedCode(string? CodeChallenge, Func<IResult> Answer);
}
