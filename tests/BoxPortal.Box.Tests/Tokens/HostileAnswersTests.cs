using System.Net;
using System.Text;
using System.Text.Json;
using CsCheck;

namespace BoxPortal.Box.Tests.Tokens;

public sealed class HostileAnswersTests
{
    private const string Good = """{"access_token":"a-good-token","expires_in":4123,"restricted_to":[],"token_type":"bearer"}""";

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"a-good-token\"")]
    [InlineData("<html><body>Sign in to the hotel's network</body></html>")]
    [InlineData("""{"expires_in":4123,"token_type":"bearer"}""")]
    [InlineData("""{"access_token":"","expires_in":4123,"token_type":"bearer"}""")]
    [InlineData("""{"access_token":"  ","expires_in":4123,"token_type":"bearer"}""")]
    [InlineData("""{"access_token":null,"expires_in":4123,"token_type":"bearer"}""")]
    [InlineData("""{"access_token":["a"],"expires_in":4123,"token_type":"bearer"}""")]
    [InlineData("""{"access_token":"a\r\nCookie: b","expires_in":4123,"token_type":"bearer"}""")]
    [InlineData("""{"access_token":"a","token_type":"bearer"}""")]
    [InlineData("""{"access_token":"a","expires_in":0,"token_type":"bearer"}""")]
    [InlineData("""{"access_token":"a","expires_in":-1,"token_type":"bearer"}""")]
    [InlineData("""{"access_token":"a","expires_in":1e9,"token_type":"bearer"}""")]
    [InlineData("""{"access_token":"a","expires_in":99999999999999,"token_type":"bearer"}""")]
    [InlineData("""{"access_token":"a","expires_in":null,"token_type":"bearer"}""")]
    [InlineData("""{"access_token":"a","expires_in":4123}""")]
    [InlineData("""{"access_token":"a","expires_in":4123,"token_type":"mac"}""")]
    [InlineData("""{"access_token":"a","access_token":"b","expires_in":4123,"token_type":"bearer"}""")]
    [InlineData("""{"access_token":"a","expires_in":4123,"token_type":"bearer"}{}""")]
    public async Task An_answer_without_a_usable_token_is_a_fault(string answer)
    {
        var clock = FakeTime.Clock();
        await using var box = await CannedBox.StartAsync((_, context) => context.JsonAsync(200, answer));
        await using var client = new BoxClient(box.Address, clock);

        var fault = await Assert.ThrowsAsync<BoxApiException>(() => clock.PassAsync(MintAsync(client)));

        Assert.Equal(HttpStatusCode.OK, fault.Status);
        Assert.True(fault.IsTransient);
        Assert.Equal(9, box.Requests.Count); // it may be a hiccup of a gateway
    }

    [Theory]
    [InlineData("""{"access_token":"a","expires_in":"4123","token_type":"Bearer"}""")]
    [InlineData("""{"token_type":"BEARER","something":{"new":[1]},"expires_in":4123,"access_token":"a"}""")]
    public async Task Harmless_differences_are_none(string answer)
    {
        await using var box = await CannedBox.StartAsync((_, context) => context.JsonAsync(200, answer));
        await using var client = new BoxClient(box.Address);

        Assert.Equal("a", (await MintAsync(client)).Value);
    }

    [Fact]
    public void Whatever_happens_to_a_good_answer_it_gives_its_own_token_or_a_fault()
    {
        var good = Encoding.UTF8.GetBytes(Good);
        var cut = Gen.Int[0, good.Length].Select(length => good[..length]);
        var garbled = Gen.Select(Gen.Int[0, good.Length - 1], Gen.Byte, (at, value) => (at, value)).List[1, 3]
            .Select(changes => changes.Aggregate((byte[])good.Clone(), (bytes, change) => { bytes[change.at] = change.value; return bytes; }));
        var spliced = Gen.Select(Gen.Int[0, good.Length], Gen.Int[0, good.Length], (from, to) => (byte[])[.. good[..from], .. good[to..]]);
        var noise = Gen.Byte.Array[0, 200];

        Gen.OneOf(cut, garbled, spliced, noise).Sample(
            body =>
            {
                try
                {
                    var answer = TokenAnswer.Read(body);
                    var said = JsonDocument.Parse(body).RootElement;
                    return answer.AccessToken.Length > 0
                        && answer.AccessToken == said.GetProperty("access_token").GetString()
                        && answer.ExpiresIn > 0;
                }
                catch (JsonException)
                {
                    return true; // what the wire makes a BoxApiException of; see below
                }
            },
            iter: 20_000,
            print: Convert.ToHexString);
    }

    [Fact]
    public async Task A_connection_cut_or_an_answer_damaged_anywhere_is_a_BoxApiException()
    {
        var random = new Random(20260228);
        await using var box = await CannedBox.StartAsync(async (_, context) =>
        {
            var body = Encoding.UTF8.GetBytes(Good);
            switch (random.Next(6))
            {
                case 0: // nothing at all
                    context.Abort();
                    return;
                case 1: // promises more than it sends
                    context.Response.ContentLength = body.Length;
                    await context.Response.Body.WriteAsync(body.AsMemory(0, random.Next(body.Length)), context.RequestAborted);
                    await context.Response.Body.FlushAsync(context.RequestAborted);
                    context.Abort();
                    return;
                case 2: // no gzip in spite of the label
                    context.Response.Headers.ContentEncoding = "gzip";
                    await context.Response.Body.WriteAsync(body, context.RequestAborted);
                    return;
                case 3: // chunked, cut
                    await context.Response.Body.WriteAsync(body.AsMemory(0, random.Next(1, body.Length)), context.RequestAborted);
                    await context.Response.Body.FlushAsync(context.RequestAborted);
                    context.Abort();
                    return;
                case 4: // somewhere else, which we never follow
                    context.Response.Redirect("https://elsewhere.example/oauth2/token");
                    return;
                default:
                    context.Response.StatusCode = random.Next(200, 600);
                    await context.Response.Body.WriteAsync(body.AsMemory(0, random.Next(body.Length)), context.RequestAborted);
                    return;
            }
        });

        for (var round = 0; round < 10; round++)
        {
            var clock = FakeTime.Clock();
            await using var client = new BoxClient(box.Address, clock);
            await Assert.ThrowsAsync<BoxApiException>(() => clock.PassAsync(MintAsync(client)));
        }
    }

    private static Task<AccessToken> MintAsync(BoxClient client) =>
        client.Tokens.MintAsync(new BoxSubject.ServiceAccount(), TestContext.Current.CancellationToken);
}
