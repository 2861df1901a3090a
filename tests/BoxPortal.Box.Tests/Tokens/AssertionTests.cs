using System.Net;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace BoxPortal.Box.Tests.Tokens;

public sealed class AssertionTests
{
    [Fact]
    public async Task An_assertion_is_signed_by_the_registered_key_and_holds_what_Box_wants()
    {
        var clock = FakeTime.Clock();
        await using var box = await CannedBox.StartAsync((_, context) => context.TokenAsync());
        await using var client = new BoxClient(box.Address, clock);

        await client.Tokens.MintAsync(new BoxSubject.AppUser("77"), TestContext.Current.CancellationToken);

        var form = box.Requests[0].Form;
        Assert.Equal("urn:ietf:params:oauth:grant-type:jwt-bearer", form["grant_type"]);
        Assert.Equal(AppConfigs.ClientId, form["client_id"]);
        Assert.Equal(AppConfigs.ClientSecret, form["client_secret"]);
        var assertion = new JsonWebToken(form["assertion"]);
        Assert.Equal("RS512", assertion.Alg);
        Assert.Equal(AppConfigs.PublicKeyId, assertion.Kid);
        Assert.Equal(AppConfigs.ClientId, assertion.Issuer);
        Assert.Equal("https://api.box.com/oauth2/token", Assert.Single(assertion.Audiences));
        Assert.Equal("77", assertion.GetPayloadValue<string>("sub"));
        Assert.Contains("\"sub\":\"77\"", Base64UrlEncoder.Decode(assertion.EncodedPayload), StringComparison.Ordinal); // a string, not a number
        Assert.Equal("user", assertion.GetPayloadValue<string>("box_sub_type"));
        Assert.InRange(assertion.GetPayloadValue<string>("jti").Length, 16, 128);
        Assert.Equal(clock.GetUtcNow().AddSeconds(45).ToUnixTimeSeconds(), assertion.GetPayloadValue<long>("exp"));
        var validation = await new JsonWebTokenHandler().ValidateTokenAsync(assertion, new()
        {
            IssuerSigningKey = new RsaSecurityKey(AppConfigs.Key),
            ValidateAudience = false,
            ValidateIssuer = false,
            ValidateLifetime = false,
        });
        Assert.True(validation.IsValid);
    }

    [Fact]
    public async Task The_service_account_goes_by_the_enterprise()
    {
        await using var box = await CannedBox.StartAsync((_, context) => context.TokenAsync());
        await using var client = new BoxClient(box.Address);

        await client.Tokens.MintAsync(new BoxSubject.ServiceAccount(), TestContext.Current.CancellationToken);

        var assertion = new JsonWebToken(box.Requests[0].Form["assertion"]);
        Assert.Equal(AppConfigs.EnterpriseId, assertion.Subject);
        Assert.Equal("enterprise", assertion.GetPayloadValue<string>("box_sub_type"));
    }

    [Fact]
    public async Task Every_try_signs_an_assertion_of_its_own()
    {
        var clock = FakeTime.Clock();
        var tries = 0;
        await using var box = await CannedBox.StartAsync(
            (_, context) => ++tries < 6 ? context.ErrorAsync(503, "unavailable") : context.TokenAsync());
        await using var client = new BoxClient(box.Address, clock);

        await clock.PassAsync(client.Tokens.MintAsync(new BoxSubject.ServiceAccount(), TestContext.Current.CancellationToken));

        var ids = box.Requests.Select(request => new JsonWebToken(request.Form["assertion"]).Id).ToArray();
        Assert.Equal(6, ids.Length);
        Assert.Equal(6, ids.Distinct().Count());
    }

    [Fact]
    public async Task Client_credentials_name_the_subject_and_sign_nothing()
    {
        await using var box = await CannedBox.StartAsync((_, context) => context.TokenAsync());
        await using var client = new BoxClient(box.Address, null, ("Box:Authentication", "ClientCredentials"));

        await client.Tokens.MintAsync(new BoxSubject.AppUser("77"), TestContext.Current.CancellationToken);
        await client.Tokens.MintAsync(new BoxSubject.ServiceAccount(), TestContext.Current.CancellationToken);

        Assert.Equal(
            new Dictionary<string, string>
            {
                ["grant_type"] = "client_credentials",
                ["client_id"] = AppConfigs.ClientId,
                ["client_secret"] = AppConfigs.ClientSecret,
                ["box_subject_type"] = "user",
                ["box_subject_id"] = "77",
            },
            box.Requests[0].Form);
        Assert.Equal(("enterprise", AppConfigs.EnterpriseId), (box.Requests[1].Form["box_subject_type"], box.Requests[1].Form["box_subject_id"]));
    }

    [Fact]
    public async Task A_refusal_of_the_grant_is_not_tried_again()
    {
        await using var box = await CannedBox.StartAsync((_, context) => context.OAuthErrorAsync("unauthorized_client", "This app is not authorized by the enterprise admin"));
        await using var client = new BoxClient(box.Address);

        var fault = await Assert.ThrowsAsync<BoxApiException>(
            () => client.Tokens.MintAsync(new BoxSubject.ServiceAccount(), TestContext.Current.CancellationToken));

        Assert.Equal(HttpStatusCode.BadRequest, fault.Status);
        Assert.Equal("unauthorized_client", fault.Code);
        Assert.Equal("This app is not authorized by the enterprise admin", fault.Description);
        Assert.False(fault.IsTransient);
        Assert.Single(box.Requests);
    }
}
