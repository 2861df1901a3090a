using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using BoxPortal.Sandbox.Tests.SignIn;

namespace BoxPortal.Sandbox.Tests.Graph;

public sealed class UserResourceTests : IAsyncLifetime
{
    private readonly Application _application = new();

    private string Address => _application.Http.BaseAddress!.GetLeftPart(UriPartial.Authority);

    public ValueTask InitializeAsync() => _application.InitializeAsync();

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    [Fact]
    public async Task The_links_lead_through_everybody_once()
    {
        var token = await TokenAsync();
        List<JsonObject> people = [];
        var pages = 0;
        for (string? link = "/v1.0/users?$select=id,displayName,mail,userPrincipalName,accountEnabled,department,jobTitle&$top=20"; link is not null; pages++)
        {
            using var answer = await GetAsync(link, token);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            var page = await RunningSandbox.JsonAsync(answer);
            people.AddRange(page["value"]!.AsArray().Select(person => person!.AsObject()));
            link = (string?)page["@odata.nextLink"];
            Assert.StartsWith(Address, link ?? Address, StringComparison.Ordinal);
        }

        Assert.Equal((_application.Directory.Everyone.Count + 19) / 20, pages);
        Assert.Equal(
            _application.Directory.Everyone.Select(person => $"{person.ObjectId} {person.Name} {person.UserName} {person.UserName} {person.Department} {person.JobTitle} true"),
            people.Select(person => $"{person["id"]} {person["displayName"]} {person["mail"]} {person["userPrincipalName"]} {person["department"]} {person["jobTitle"]} {person["accountEnabled"]!.ToJsonString()}"));
    }

    [Fact]
    public async Task A_page_holds_a_hundred_and_a_few_fields_unless_told()
    {
        _application.Directory.Replace([.. Enumerable.Range(0, 101).Select(_ => Directory.People[0] with { ObjectId = Guid.NewGuid() })]);

        var page = await ReadAsync("/v1.0/users");

        Assert.Equal(100, page["value"]!.AsArray().Count);
        Assert.Equal(["id", "displayName", "userPrincipalName", "mail", "jobTitle"], page["value"]![0]!.AsObject().Select(field => field.Key));
        Assert.NotNull(page["@odata.nextLink"]);
    }

    [Fact]
    public async Task After_a_page_that_holds_everybody_there_is_no_other()
    {
        var page = await ReadAsync($"/v1.0/users?$top={_application.Directory.Everyone.Count}");

        Assert.False(page.ContainsKey("@odata.nextLink"));
    }

    [Theory]
    [InlineData("/v1.0/users?$top=1000", 400, "Request_UnsupportedQuery")]
    [InlineData("/v1.0/users?$top=0", 400, "Request_UnsupportedQuery")]
    [InlineData("/v1.0/users?$top=all", 400, "BadRequest")]
    [InlineData("/v1.0/users?$select=id,shoeSize", 400, "Request_BadRequest")]
    [InlineData("/v1.0/users?$filter=accountEnabled", 400, "Request_BadRequest")]
    [InlineData("/v1.0/users?$skiptoken=made-up", 400, "Directory_ExpiredPageToken")]
    [InlineData("/v1.0/applications", 404, "NotFound")]
    [InlineData("/v1.0/groups?$top=1000", 400, "Request_UnsupportedQuery")]
    [InlineData("/v1.0/groups?$filter=mailEnabled", 400, "Request_BadRequest")]
    [InlineData("/v1.0/groups?$search=x", 400, "Request_BadRequest")]
    [InlineData("/v1.0/groups/8a4e7b0c-0000-4000-8000-000000000000/transitiveMembers?$select=id", 404, "Request_ResourceNotFound")]
    [InlineData("/v1.0/servicePrincipals(appId='made-up')/appRoleAssignedTo", 404, "Request_ResourceNotFound")]
    public async Task What_it_does_not_understand_is_refused_in_Graphs_envelope(string path, int status, string code)
    {
        using var answer = await GetAsync(path, await TokenAsync());

        Assert.Equal((status, code), ((int)answer.StatusCode, await CodeOfAsync(answer)));
    }

    [Fact]
    public async Task Nobody_lists_people_without_a_token_for_Graph()
    {
        var (_, signIn) = await _application.RedeemAsync(await _application.CodeForAsync(Directory.People[0]));
        await using var elsewhere = new Application();
        await elsewhere.InitializeAsync();
        string?[] tokens =
        [
            null, "", "made-up", (await TokenAsync())[..^5],
            signIn.GetProperty("id_token").GetString(), signIn.GetProperty("access_token").GetString(),
            await TokenAsync(elsewhere),
        ];
        foreach (var token in tokens)
        {
            using var answer = await GetAsync("/v1.0/users", token);

            Assert.Equal((HttpStatusCode.Unauthorized, "InvalidAuthenticationToken"), (answer.StatusCode, await CodeOfAsync(answer)));
        }
    }

    [Theory]
    [InlineData("client_secret", "wrong", "invalid_client")]
    [InlineData("client_secret", null, "invalid_request")]
    [InlineData("client_id", "6731de76-14a6-49ae-97bc-6eba6914391e", "unauthorized_client")]
    [InlineData("scope", "openid", "invalid_scope")]
    [InlineData("scope", "https://graph.microsoft.com/.default", "invalid_scope")]
    [InlineData("scope", null, "invalid_scope")]
    public async Task A_token_asked_for_wrongly_is_refused(string name, string? value, string error)
    {
        var answer = await AskForTokenAsync(_application, (name, value));

        Assert.Equal(error, (string?)answer["error"]);
        Assert.False(answer.ContainsKey("access_token"));
    }

    [Fact]
    public async Task Faults_happen_to_Graph_in_its_own_envelope()
    {
        var token = await TokenAsync();
        await SpoilAsync(new { path = "/v1.0/users", status = 429, retryAfter = 7 });
        await SpoilAsync(new { path = "/v1.0/users", status = 401 });
        await SpoilAsync(new { path = "/v1.0/users", mode = "truncate" });

        using var throttled = await GetAsync("/v1.0/users", token);
        using var refused = await GetAsync("/v1.0/users", token);
        using var cut = await GetAsync("/v1.0/users", token);

        Assert.Equal((429, "TooManyRequests", 7d), ((int)throttled.StatusCode, await CodeOfAsync(throttled), throttled.Headers.RetryAfter!.Delta!.Value.TotalSeconds));
        Assert.Equal((401, "InvalidAuthenticationToken"), ((int)refused.StatusCode, await CodeOfAsync(refused)));
        Assert.Equal(200, (int)cut.StatusCode);
        var half = await cut.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.ThrowsAny<System.Text.Json.JsonException>(() => JsonNode.Parse(half));
    }

    [Fact]
    public async Task Whose_account_is_disabled_is_listed_and_cannot_sign_in()
    {
        var leaver = Directory.People[0] with { AccountEnabled = false };
        _application.Directory.Replace([leaver]);

        var page = await ReadAsync("/v1.0/users?$select=accountEnabled");
        var (status, answer) = await _application.RedeemAsync(await _application.CodeForAsync(leaver));

        Assert.Equal("""[{"accountEnabled":false}]""", page["value"]!.ToJsonString());
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.StartsWith("AADSTS50057", answer.GetProperty("error_description").GetString(), StringComparison.Ordinal);
    }

    private Task<string> TokenAsync() => TokenAsync(_application);

    private static async Task<string> TokenAsync(Application application) => (string)(await AskForTokenAsync(application))["access_token"]!;

    /// <summary>Asks as the registered application does, with some parameters changed or (where <c>null</c>) left out.</summary>
    private static async Task<JsonObject> AskForTokenAsync(Application application, params (string Name, string? Value)[] changes)
    {
        Dictionary<string, string?> request = new()
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = Directory.ClientId,
            ["client_secret"] = Directory.ClientSecret,
            ["scope"] = $"{application.Http.BaseAddress!.GetLeftPart(UriPartial.Authority)}/.default",
        };
        foreach (var (name, value) in changes)
        {
            request[name] = value;
        }

        using var form = new FormUrlEncodedContent(request.Where(field => field.Value is not null)!);
        using var answer = await application.Http.PostAsync($"{application.Tenant}/oauth2/v2.0/token", form, TestContext.Current.CancellationToken);
        return await RunningSandbox.JsonAsync(answer);
    }

    private async Task<HttpResponseMessage> GetAsync(string path, string? token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        return await _application.Http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private async Task<JsonObject> ReadAsync(string path)
    {
        using var answer = await GetAsync(path, await TokenAsync());
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await RunningSandbox.JsonAsync(answer);
    }

    private static async Task<string?> CodeOfAsync(HttpResponseMessage answer)
    {
        var error = (await RunningSandbox.JsonAsync(answer))["error"]!;
        Assert.Equal(answer.Headers.GetValues("request-id").Single(), (string?)error["innerError"]!["request-id"]);
        return (string?)error["code"];
    }

    private async Task SpoilAsync(object fault)
    {
        using var answer = await _application.Http.PostAsJsonAsync("/_sandbox/faults", fault, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
    }
}
