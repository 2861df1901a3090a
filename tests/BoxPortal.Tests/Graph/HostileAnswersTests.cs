using System.Globalization;
using System.Net;
using System.Text.Json;
using BoxPortal.Graph;
using Microsoft.AspNetCore.Http;

namespace BoxPortal.Tests.Graph;

/// <summary>What Graph or the token endpoint may answer, and none of which is a list of people.</summary>
public sealed class HostileAnswersTests : IClassFixture<MisbehavingGraph>, IDisposable
{
    private readonly MisbehavingGraph _graph;

    public HostileAnswersTests(MisbehavingGraph graph)
    {
        _graph = graph;
        graph.Begin();
    }

    /// <summary>Whatever the test was about.</summary>
    public void Dispose()
    {
        Assert.NotEmpty(_graph.Logs);
        var logs = string.Join('\n', _graph.Logs);
        Assert.DoesNotContain(MisbehavingGraph.Token, logs, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(MisbehavingGraph.ClientSecret, logs, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(_graph.Requests, request => request.Contains(_graph.Elsewhere, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"value\"")]
    [InlineData("<html>Sign in to the hotel's network</html>")]
    [InlineData("""{"value":null}""")]
    [InlineData("""{"value":{}}""")]
    [InlineData("""{"value":[null]}""")]
    [InlineData("""{"value":[{}]}""")]
    [InlineData("""{"value":[""")]
    [InlineData("""{"value":[]}]""")]
    [InlineData("""{"value":[],"value":[]}""")]
    [InlineData("""{"value":[],"@odata.nextLink":7}""")]
    [InlineData("""{"Value":[]}""")]
    [InlineData("""{"error":{"code":"UnknownError","message":""}}""")]
    [InlineData("""{"value":[{"id":"not a GUID","displayName":"Ada","userPrincipalName":"ada@example.com","mail":null,"accountEnabled":true,"department":null,"jobTitle":null}]}""")]
    [InlineData("""{"value":[{"id":"6731de76-14a6-49ae-97bc-6eba6914391e","displayName":"Ada","userPrincipalName":null,"mail":null,"accountEnabled":true,"department":null,"jobTitle":null}]}""")]
    [InlineData("""{"value":[{"id":"6731de76-14a6-49ae-97bc-6eba6914391e","displayName":"Ada","userPrincipalName":"ada@example.com","mail":null,"accountEnabled":null,"department":null,"jobTitle":null}]}""")]
    [InlineData("""{"value":[{"id":"6731de76-14a6-49ae-97bc-6eba6914391e","displayName":"Ada","userPrincipalName":"ada@example.com","mail":null,"department":null,"jobTitle":null}]}""")]
    public async Task A_page_that_is_none_is_a_fault_and_never_the_end_of_the_list(string page)
    {
        _graph.AnswerPages($$"""{"value":[{{MisbehavingGraph.User()}}],"@odata.nextLink":"{{_graph.Address}}/v1.0/users?$skiptoken=2"}""", page);

        var fault = await Assert.ThrowsAsync<GraphException>(_graph.ListPatientlyAsync);

        Assert.True(fault.IsTransient);
        Assert.Equal(HttpStatusCode.OK, fault.Status);
    }

    [Fact]
    public async Task A_list_that_names_nobody_is_a_fault()
    {
        _graph.AnswerPages($$"""{"value":[],"@odata.nextLink":"{{_graph.Address}}/v1.0/users?$skiptoken=2"}""", """{"value":[]}""");

        await Assert.ThrowsAsync<GraphException>(_graph.ListAsync);
    }

    [Fact]
    public async Task A_page_without_anybody_is_not_the_end()
    {
        _graph.AnswerPages(
            $$"""{"value":[],"@odata.nextLink":"{{_graph.Address}}/v1.0/users?$skiptoken=2"}""",
            $$"""{"@odata.context":"x","value":[{{MisbehavingGraph.User("Ada")}},{{MisbehavingGraph.User("Lin")}}]}""");

        var people = await _graph.ListAsync();

        Assert.Equal(["Ada", "Lin"], people.Select(person => person.DisplayName));
        Assert.Equal(["GET", "GET"], _graph.Requests.Where(request => request.Contains("/v1.0/users?", StringComparison.Ordinal)).Select(request => request.Split(' ')[0]));
    }

    [Fact]
    public async Task Who_has_no_name_is_called_by_the_sign_in_name()
    {
        _graph.AnswerPages("""{"value":[{"id":"6731de76-14a6-49ae-97bc-6eba6914391e","displayName":null,"userPrincipalName":"ada@example.com","mail":null,"accountEnabled":true,"department":null,"jobTitle":null}]}""");

        var people = await _graph.ListAsync();

        Assert.Equal([new(Guid.Parse("6731de76-14a6-49ae-97bc-6eba6914391e"), "ada@example.com", "ada@example.com", null, true, null, null)], people);
    }

    [Theory]
    [InlineData("{elsewhere}/v1.0/users?$skiptoken=2")]
    [InlineData("{elsewhere}@{host}/v1.0/users")]
    [InlineData("http://user@{host}/v1.0/users")]
    [InlineData("https://{host}/v1.0/users")]
    [InlineData("https://graph.microsoft.com/v1.0/users")]
    [InlineData("http://127.0.0.1/v1.0/users")]
    [InlineData("//{host}/v1.0/users")]
    [InlineData("/v1.0/users?$skiptoken=2")]
    [InlineData("?$skiptoken=2")]
    [InlineData("file:///etc/passwd")]
    [InlineData("")]
    public async Task A_list_that_leads_elsewhere_is_not_followed(string link)
    {
        link = link.Replace("{elsewhere}", _graph.Elsewhere, StringComparison.Ordinal).Replace("{host}", new Uri(_graph.Address).Authority, StringComparison.Ordinal);
        _graph.AnswerPages(JsonSerializer.Serialize(new Dictionary<string, object> { ["value"] = Array.Empty<string>(), ["@odata.nextLink"] = link }));

        var fault = await Assert.ThrowsAsync<GraphException>(_graph.ListAsync);

        Assert.Equal("Graph's list leads on to another address than Graph:BaseAddress; it was not followed.", fault.Message);
        Assert.Equal(2, _graph.Requests.Count);
    }

    [Fact]
    public async Task A_list_that_leads_in_a_circle_is_a_fault()
    {
        string Link(int page) => $$"""{"value":[{{MisbehavingGraph.User()}}],"@odata.nextLink":"{{_graph.Address}}/v1.0/users?$skiptoken={{page}}"}""";
        _graph.AnswerPages(Link(2), Link(3), Link(2));

        var fault = await Assert.ThrowsAsync<GraphException>(_graph.ListAsync);

        Assert.Equal("Graph's list leads back to a page before.", fault.Message);
        Assert.Equal(4, _graph.Requests.Count);
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(307)]
    public async Task Neither_the_token_nor_the_secret_is_sent_on_by_a_redirection(int status)
    {
        Task Redirect(HttpContext context)
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = $"{_graph.Elsewhere}{context.Request.Path}";
            return Task.CompletedTask;
        }

        _graph.Answer = Redirect;
        var page = await Assert.ThrowsAsync<GraphException>(_graph.ListAsync);
        _graph.Begin();
        _graph.TokenAnswer = Redirect;
        var token = await Assert.ThrowsAsync<GraphException>(_graph.ListAsync);

        Assert.Equal((status, status), ((int)page.Status!, (int)token.Status!));
        Assert.Single(_graph.Requests);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("")]
    [InlineData("<html>")]
    [InlineData("""{"token_type":"Bearer","expires_in":3599,"access_token":""}""")]
    [InlineData("""{"token_type":"Bearer","expires_in":3599,"access_token":"two words"}""")]
    [InlineData("""{"token_type":"Bearer","expires_in":3599,"access_token":"two\nlines"}""")]
    [InlineData("""{"token_type":"MAC","expires_in":3599,"access_token":"x"}""")]
    [InlineData("""{"token_type":"Bearer","expires_in":180,"access_token":"x"}""")]
    [InlineData("""{"token_type":"Bearer","expires_in":-1,"access_token":"x"}""")]
    [InlineData("""{"token_type":"Bearer","access_token":"x"}""")]
    [InlineData("""{"expires_in":3599,"access_token":"x"}""")]
    public async Task Without_a_usable_token_Graph_is_not_asked(string answer)
    {
        _graph.TokenAnswer = context => context.Response.WriteAsync(answer);

        var fault = await Assert.ThrowsAsync<GraphException>(_graph.ListPatientlyAsync);

        Assert.True(fault.IsTransient);
        Assert.All(_graph.Requests, request => Assert.EndsWith("/oauth2/v2.0/token", request, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_refusal_that_repeats_what_it_was_sent_is_told_without_it()
    {
        _graph.Answer = context => RefuseAsync(context, $$"""{"error":{"code":"InvalidRequest","message":"The token {{MisbehavingGraph.Token}}\nis odd","innerError":{"request-id":"the id"} } }""");
        var page = await Assert.ThrowsAsync<GraphException>(_graph.ListAsync);
        _graph.Begin();
        _graph.TokenAnswer = context => RefuseAsync(context, $$"""{"error":"invalid_request","error_description":"AADSTS1: {{MisbehavingGraph.ClientSecret}} is odd","trace_id":"the trace"}""");
        var token = await Assert.ThrowsAsync<GraphException>(_graph.ListAsync);

        Assert.Equal(("InvalidRequest", "the id"), (page.Code, page.RequestId));
        Assert.EndsWith("with 400 InvalidRequest: The token (withheld) is odd, request the id", page.Message, StringComparison.Ordinal);
        Assert.Equal(("invalid_request", "the trace"), (token.Code, token.RequestId));
        Assert.EndsWith("with 400 invalid_request: AADSTS1: (withheld) is odd, request the trace", token.Message, StringComparison.Ordinal);

        static Task RefuseAsync(HttpContext context, string body)
        {
            context.Response.StatusCode = 400;
            return context.Response.WriteAsync(body);
        }
    }

    [Fact]
    public async Task A_wait_until_a_date_is_counted_by_their_clock()
    {
        var times = 0;
        _graph.Answer = context =>
        {
            if (++times > 1)
            {
                return context.Response.WriteAsync($$"""{"value":[{{MisbehavingGraph.User()}}]}""");
            }

            var theirs = _graph.Clock.GetUtcNow().AddHours(9);
            context.Response.StatusCode = 503;
            context.Response.Headers.Date = theirs.ToString("R", CultureInfo.InvariantCulture);
            context.Response.Headers.RetryAfter = theirs.AddSeconds(30).ToString("R", CultureInfo.InvariantCulture);
            return Task.CompletedTask;
        };
        var start = _graph.Clock.GetUtcNow();

        await _graph.ListPatientlyAsync();

        Assert.True(_graph.Clock.GetUtcNow() - start >= TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task A_Graph_that_never_answers_is_given_up_after_two_minutes()
    {
        _graph.Answer = context => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
        var start = _graph.Clock.GetUtcNow();

        var fault = await Assert.ThrowsAsync<GraphException>(_graph.ListPatientlyAsync);

        Assert.InRange((_graph.Clock.GetUtcNow() - start).TotalSeconds, 119, 150);
        Assert.Equal(("127.0.0.1 did not answer GET /v1.0/users in time.", true), (fault.Message, fault.IsTransient));
    }
}
