using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace BoxPortal.Sandbox.Tests.SignIn;

/// <summary>A sandbox, and an application that sends people there to sign in.</summary>
public sealed partial class Application : IAsyncLifetime
{
    public const string Callback = "http://localhost:5080/signin-oidc";
    public const string Verifier = "a-verifier-of-at-least-forty-three-characters-long";

    private RunningSandbox _sandbox = null!;

    public HttpClient Http => _sandbox.Http;

    public Directory Directory => _sandbox.Directory;

    public string Tenant => $"{Http.BaseAddress}{Directory.TenantId}";

    public async ValueTask InitializeAsync() => _sandbox = await RunningSandbox.StartAsync();

    public ValueTask DisposeAsync() => _sandbox.DisposeAsync();

    /// <summary>A good authorization request, with some parameters changed, added or (where <c>null</c>) left out.</summary>
    public static Dictionary<string, string?> Request(params (string Name, string? Value)[] changes)
    {
        Dictionary<string, string?> request = new()
        {
            ["client_id"] = Directory.ClientId,
            ["redirect_uri"] = Callback,
            ["response_type"] = "code",
            ["response_mode"] = "query",
            ["scope"] = "openid profile email",
            ["state"] = "the state",
            ["nonce"] = "the nonce",
            ["code_challenge"] = Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier))),
            ["code_challenge_method"] = "S256",
        };
        return With(request, changes);
    }

    public Task<HttpResponseMessage> AskAsync(params (string Name, string? Value)[] changes) =>
        Http.GetAsync(QueryHelpers.AddQueryString($"{Tenant}/oauth2/v2.0/authorize", Request(changes)), TestContext.Current.CancellationToken);

    /// <summary>Posts the sign-in page's form, as its button for <paramref name="person"/> does.</summary>
    public async Task<HttpResponseMessage> ChooseAsync(Guid person, params (string Name, string? Value)[] changes)
    {
        using var form = new FormUrlEncodedContent(Request([.. changes, ("person", person.ToString())])!);
        return await Http.PostAsync($"{Tenant}/oauth2/v2.0/authorize", form, TestContext.Current.CancellationToken);
    }

    public async Task<string> CodeForAsync(Person person)
    {
        var answer = await ChooseAsync(person.ObjectId);
        Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
        return QueryHelpers.ParseQuery(answer.Headers.Location!.Query)["code"].Single()!;
    }

    /// <summary>Redeems a code as the registered application does, with some parameters changed.</summary>
    public async Task<(HttpStatusCode Status, JsonElement Body)> RedeemAsync(string code, params (string Name, string? Value)[] changes)
    {
        Dictionary<string, string?> request = new()
        {
            ["grant_type"] = "authorization_code",
            ["client_id"] = Directory.ClientId,
            ["client_secret"] = Directory.ClientSecret,
            ["code"] = code,
            ["redirect_uri"] = Callback,
            ["code_verifier"] = Verifier,
        };
        using var form = new FormUrlEncodedContent(With(request, changes)!);
        using var answer = await Http.PostAsync($"{Tenant}/oauth2/v2.0/token", form, TestContext.Current.CancellationToken);
        return (answer.StatusCode, JsonElement.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)));
    }

    /// <summary>Signs a person in from end to end.</summary>
    /// <returns>The ID token's payload, its signature, issuer and audience checked.</returns>
    public async Task<JsonElement> SignInAsync(Person person)
    {
        var (status, body) = await RedeemAsync(await CodeForAsync(person));
        Assert.Equal(HttpStatusCode.OK, status);

        var idToken = body.GetProperty("id_token").GetString();
        var keys = new JsonWebKeySet(await Http.GetStringAsync($"{Tenant}/discovery/v2.0/keys", TestContext.Current.CancellationToken));
        var result = await new JsonWebTokenHandler().ValidateTokenAsync(idToken, new TokenValidationParameters
        {
            ValidIssuer = $"{Tenant}/v2.0",
            ValidAudience = Directory.ClientId,
            IssuerSigningKeys = keys.GetSigningKeys(),
        });
        Assert.True(result.IsValid, result.Exception?.Message);
        return JsonElement.Parse(Base64UrlEncoder.Decode(((JsonWebToken)result.SecurityToken).EncodedPayload));
    }

    /// <summary>The names on the sign-in page's buttons, in order.</summary>
    public static async Task<List<string>> NamesOnAsync(HttpResponseMessage page)
    {
        var html = await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return [.. PersonButtons().Matches(html).Select(button => WebUtility.HtmlDecode(button.Groups[1].Value))];
    }

    private static Dictionary<string, string?> With(Dictionary<string, string?> request, (string Name, string? Value)[] changes)
    {
        foreach (var (name, value) in changes)
        {
            if (value is null)
            {
                request.Remove(name);
            }
            else
            {
                request[name] = value;
            }
        }
        return request;
    }

    [GeneratedRegex("""<button name="person"[^>]*>([^<]*)</button>""")]
    private static partial Regex PersonButtons();
}
