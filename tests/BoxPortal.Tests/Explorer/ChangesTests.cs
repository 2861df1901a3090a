using System.Net;
using System.Net.ServerSentEvents;
using BoxPortal.AppUsers;
using BoxPortal.Sandbox;
using Microsoft.Extensions.DependencyInjection;

namespace BoxPortal.Tests.Explorer;

public sealed class ChangesTests(RunningPortal host) : IClassFixture<RunningPortal>
{
    private AppUserChanges Changes => host.Portal.Services.GetRequiredService<AppUserChanges>();

    [Fact]
    public async Task The_stream_begins_with_how_things_stand()
    {
        await using var mapped = await Stream.OpenAsync(host.Portal, People.Tomas);
        await using var suspended = await Stream.OpenAsync(host.Portal, People.Suspended);

        Assert.Equal("mapped", await mapped.NextAsync());
        Assert.Equal("suspended", await suspended.NextAsync());
    }

    [Fact]
    public async Task An_open_page_hears_within_two_seconds_that_it_was_mapped_and_unmapped()
    {
        await using var stream = await Stream.OpenAsync(host.Portal, People.Newcomer);
        await using var others = await Stream.OpenAsync(host.Portal, People.Maya);
        Assert.Equal(("not-mapped", "mapped"), (await stream.NextAsync(), await others.NextAsync()));

        await Changes.AskAsync(await host.Portal.SessionOfAsync(People.Administrator), AppUserAct.Create, People.Newcomer.Id(), "a test");
        var afterMapping = await stream.NextAsync();
        await Changes.AskAsync(await host.Portal.SessionOfAsync(People.Administrator), AppUserAct.Unmap, People.Newcomer.Id(), "a test");
        var afterUnmapping = await stream.NextAsync();
        await Changes.AskAsync(await host.Portal.SessionOfAsync(People.Administrator), AppUserAct.Unmap, People.Maya.Id(), "a test");

        Assert.Equal(("mapped", "not-mapped"), (afterMapping, afterUnmapping));
        Assert.Equal("not-mapped", await others.NextAsync()); // and nothing of the newcomer came before it
    }

    [Fact]
    public async Task An_open_page_hears_that_Box_has_suspended_its_app_user()
    {
        var person = BoxPortal.Sandbox.Directory.Named("leila.rahimi");
        await using var stream = await Stream.OpenAsync(host.Portal, person);
        await stream.NextAsync();
        host.Portal.AppUserOf(person).Status = "inactive";

        await stream.Browser.TakeRefusalAsync();

        Assert.Equal("suspended", await stream.NextAsync());
    }

    [Fact]
    public async Task Nobody_who_is_not_signed_in_opens_the_stream()
    {
        using var browser = host.Portal.NewBrowser();

        using var answer = await browser.GetAsync("/explorer/changes");

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task Nobody_holds_more_than_a_score_of_streams_and_one_that_ends_makes_room()
    {
        using var browser = await host.Portal.SignInAsync(BoxPortal.Sandbox.Directory.Named("marek.kowal"));
        var streams = await Task.WhenAll(Enumerable.Range(0, 21).Select(_ => OpenAsync()));
        try
        {
            Assert.Equal(20, streams.Count(stream => stream.IsSuccessStatusCode));
            var refused = streams.Single(stream => !stream.IsSuccessStatusCode);
            Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
            Assert.NotNull(refused.Headers.RetryAfter);
            await using var others = await Stream.OpenAsync(host.Portal, People.Maya);

            streams.First(stream => stream.IsSuccessStatusCode).Dispose();
            await PassingTime.UntilAsync(async () =>
            {
                using var next = await OpenAsync();
                return next.IsSuccessStatusCode;
            });
        }
        finally
        {
            foreach (var stream in streams)
            {
                stream.Dispose();
            }
        }

        Task<HttpResponseMessage> OpenAsync() => browser.SendAsync(new HttpRequestMessage(HttpMethod.Get, "/explorer/changes"), wholeAnswer: false);
    }

    private sealed class Stream(Browser browser, HttpResponseMessage answer, IAsyncEnumerator<SseItem<string>> events) : IAsyncDisposable
    {
        public Browser Browser => browser;

        public static async Task<Stream> OpenAsync(PortalHost portal, Person person)
        {
            var browser = await portal.SignInAsync(person);
            await browser.ReadAntiforgeryAsync();
            var answer = await browser.SendAsync(new HttpRequestMessage(HttpMethod.Get, "/explorer/changes"), wholeAnswer: false);
            Assert.Equal("text/event-stream", answer.Content.Headers.ContentType!.MediaType);
            Assert.True(answer.Headers.CacheControl is { NoCache: true } or { NoStore: true });
            var body = await answer.Content.ReadAsStreamAsync(PortalHost.Cancellation);
            return new Stream(browser, answer, SseParser.Create(body).EnumerateAsync(PortalHost.Cancellation).GetAsyncEnumerator());
        }

        /// <summary>The next word about the employee's access; more than two seconds are too long.</summary>
        public async Task<string> NextAsync()
        {
            do
            {
                Assert.True(await events.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(2), PortalHost.Cancellation));
            }
            while (events.Current.EventType != "access");

            return events.Current.Data;
        }

        public ValueTask DisposeAsync()
        {
            answer.Dispose();
            browser.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
