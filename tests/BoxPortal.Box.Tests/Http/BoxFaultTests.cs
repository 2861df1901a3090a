using System.Net;
using CsCheck;

namespace BoxPortal.Box.Tests.Http;

public sealed class BoxFaultTests
{
    [Theory]
    [InlineData("""{"errors":[{"reason":"invalid_parameter","name":"collab","message":"Invalid value 'x'"}]}""", "Not Found: Invalid value 'x'")]
    [InlineData("""{"errors":[{"reason":"invalid_parameter"},{"message":"second"}]}""", "Not Found: second")]
    [InlineData("""{"errors":"not a list"}""", "Not Found: not a list")]
    [InlineData("""[{"message":"in a list"}]""", "Not Found: in a list")]
    [InlineData("\"a string\"", "Not Found: a string")]
    [InlineData("""{"conflicts":{"type":"file","id":"1"}}""", "Not Found")]
    [InlineData("""{"conflicts":[{"type":"folder","id":"1"}]}""", "Not Found")]
    [InlineData("""{"message":"direct"}""", "Not Found: direct")]
    [InlineData("null", "Not Found")]
    [InlineData("17", "Not Found")]
    [InlineData("[1]", "Not Found")]
    public async Task A_refusal_carries_what_Box_gave_in_every_shape_of_its_context(string contextInfo, string description)
    {
        var fault = await FaultAsync(
            404,
            $$"""{"type":"error","status":404,"code":"not_found","context_info":{{contextInfo}},"help_url":"","message":"Not Found","request_id":"1063648633582d352dd9890"}""");

        Assert.Equal(
            (HttpStatusCode.NotFound, "not_found", description, "1063648633582d352dd9890"),
            (fault.Status, fault.Code, fault.Description, fault.RequestId));
        Assert.Equal($"Box answered GET /2.0/users/11 with 404 not_found: {description}, request 1063648633582d352dd9890", fault.Message);
    }

    [Fact]
    public async Task The_request_id_comes_from_the_header_where_the_body_has_none()
    {
        var fault = await FaultAsync(403, "", ("BOX-REQUEST-ID", "0abc"));

        Assert.Equal("0abc", fault.RequestId);
    }

    [Fact]
    public async Task An_empty_refusal_is_explained_by_its_challenge()
    {
        var fault = await FaultAsync(
            403, "", ("WWW-Authenticate", "Bearer realm=\"Service\", error=\"insufficient_scope\", error_description=\"The request requires higher privileges.\""));

        Assert.Equal(("insufficient_scope", "The request requires higher privileges."), (fault.Code, fault.Description));
    }

    [Theory]
    [InlineData("<html><body>Bad gateway</body></html>")]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"code\":5,\"message\":{}}")]
    public async Task A_refusal_in_no_known_form_has_its_status_at_least(string body)
    {
        var fault = await FaultAsync(418, body);

        Assert.Equal("Box answered GET /2.0/users/11 with 418", fault.Message);
    }

    [Fact]
    public async Task Words_that_would_forge_a_log_are_made_one_short_line()
    {
        var fault = await FaultAsync(400, $$"""{"code":"a\nb","message":"first\r\nINFO second {{new string('x', 5000)}}"}""");

        Assert.Equal("a b", fault.Code);
        Assert.Equal(300, fault.Description!.Length);
        Assert.DoesNotContain(fault.Message, char.IsControl);
    }

    [Fact]
    public async Task What_we_sent_is_cut_out_of_what_Box_says_about_it()
    {
        await using var box = await CannedBox.StartAsync(
            (request, context) => context.OAuthErrorAsync("invalid_request", $"Bad {string.Join(' ', request.Form.Values)}"));
        await using var client = new BoxClient(box.Address);
        var token = new AccessToken(Secrets.NewToken(), DateTimeOffset.MaxValue);

        BoxApiException[] faults =
        [
            await Assert.ThrowsAsync<BoxApiException>(() => client.Tokens.MintAsync(new BoxSubject.ServiceAccount(), TestContext.Current.CancellationToken)),
            await Assert.ThrowsAsync<BoxApiException>(() => client.Tokens.DownscopeAsync(token, ["base_explorer"], TestContext.Current.CancellationToken)),
            await Assert.ThrowsAsync<BoxApiException>(() => client.Tokens.RevokeAsync(token.Value, TestContext.Current.CancellationToken)),
        ];

        Assert.All(faults, fault => Assert.Contains("(withheld)", fault.Description!, StringComparison.Ordinal));
        Assert.All(faults, fault => Assert.DoesNotContain(box.Requests[0].Form["assertion"], $"{fault}", StringComparison.Ordinal));
        Secrets.AssertAbsent(faults.Select(fault => $"{fault}"));
    }

    [Fact]
    public async Task A_token_in_the_header_is_cut_out_too()
    {
        await using var box = await CannedBox.StartWithTokensAsync(
            (request, context) => context.JsonAsync(400, $$"""{"code":"bad","message":"What is {{request.Authorization}}?"}"""));
        await using var client = new BoxClient(box.Address);

        var fault = await Assert.ThrowsAsync<BoxApiException>(() => client.Users.GetAsync("11", TestContext.Current.CancellationToken));

        Assert.Equal("What is Bearer (withheld)?", fault.Description);
    }

    [Fact]
    public async Task A_message_names_no_query()
    {
        await using var box = await CannedBox.StartWithTokensAsync((_, context) => context.ErrorAsync(403, "no"));
        await using var client = new BoxClient(box.Address);

        var fault = await Assert.ThrowsAsync<BoxApiException>(
            async () => await client.Users.ListAsync("Lovelace", TestContext.Current.CancellationToken).CountAsync(TestContext.Current.CancellationToken));

        Assert.DoesNotContain("Lovelace", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("..")]
    [InlineData("1/memberships")]
    [InlineData("1?fields=")]
    [InlineData("")]
    [InlineData("é")]
    public async Task An_id_that_could_name_something_else_is_not_found_without_asking(string id)
    {
        await using var client = new BoxClient(new("http://127.0.0.1:1"));

        var fault = await Assert.ThrowsAsync<BoxApiException>(() => client.Users.GetAsync(id, TestContext.Current.CancellationToken));

        Assert.Equal(HttpStatusCode.NotFound, fault.Status);
    }

    [Fact]
    public async Task No_refusal_can_break_the_reading_of_it()
    {
        byte[] body = [];
        await using var box = await CannedBox.StartWithTokensAsync(async (_, context) =>
        {
            context.Response.StatusCode = 400;
            await context.Response.Body.WriteAsync(body, context.RequestAborted);
        });
        await using var client = new BoxClient(box.Address);
        var good = """{"type":"error","code":"c","context_info":{"errors":[{"message":"m"}]},"message":"m","request_id":"r"}"""u8.ToArray();

        await Gen.Select(Gen.Int[0, good.Length - 1], Gen.Byte, Gen.Int[0, good.Length]).SampleAsync(
            async (at, value, length) =>
            {
                body = [.. good];
                body[at] = value;
                body = body[..length];
                var fault = await Assert.ThrowsAsync<BoxApiException>(() => client.Users.GetAsync("11", TestContext.Current.CancellationToken));
                return fault.Status == HttpStatusCode.BadRequest;
            },
            iter: 300,
            threads: 1);
    }

    private static async Task<BoxApiException> FaultAsync(int status, string body, params (string Name, string Value)[] headers)
    {
        await using var box = await CannedBox.StartWithTokensAsync((_, context) =>
        {
            foreach (var (name, value) in headers)
            {
                context.Response.Headers[name] = value;
            }

            return context.JsonAsync(status, body);
        });
        await using var client = new BoxClient(box.Address);
        return await Assert.ThrowsAsync<BoxApiException>(() => client.Users.GetAsync("11", TestContext.Current.CancellationToken));
    }
}
