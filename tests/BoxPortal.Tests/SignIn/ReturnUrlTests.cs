using System.Net;

namespace BoxPortal.Tests.SignIn;

/// <summary>Signing in and out leads back into the portal and nowhere else.</summary>
public sealed class ReturnUrlTests(RunningPortal host) : IClassFixture<RunningPortal>
{
    public static TheoryData<string> Elsewhere =>
    [
        "https://evil.example", "http://evil.example/", "//evil.example", "///evil.example", "////evil.example//", "/\\evil.example", "\\\\evil.example",
        "\\/evil.example", "/\t/evil.example", "/\n/evil.example", "/\r\n/evil.example", "\t//evil.example", " //evil.example", "https:evil.example", "https:/evil.example",
        "javascript:alert(1)", "data:text/html,x", "evil.example", "@evil.example", ".evil.example", "~//evil.example", "%2f%2fevil.example",
        "http://127.0.0.1@evil.example", "https://evil.example\\@127.0.0.1", "/\u0000/evil.example", "ftp://evil.example", "//evil.example/%2f..", "////", "?//evil.example", "#//evil.example",
    ];

    [Theory]
    [MemberData(nameof(Elsewhere))]
    public async Task Signing_in_returns_to_the_portal_whatever_address_it_was_asked_with(string address)
    {
        using var browser = host.Portal.NewBrowser();

        var answer = await browser.ReturnFromProviderAsync(People.Maya, $"/authentication/login?returnUrl={Uri.EscapeDataString(address)}");

        AssertWithin(answer);
    }

    [Theory]
    [MemberData(nameof(Elsewhere))]
    public async Task Signing_out_returns_to_the_portal_whatever_address_it_was_asked_with(string address)
    {
        using var browser = await host.Portal.SignInAsync(People.Maya);
        var token = await browser.ReadAntiforgeryAsync();

        using var leaving = await browser.PostAsync(
            $"/authentication/logout?returnUrl={Uri.EscapeDataString(address)}", new() { ["__RequestVerificationToken"] = token, ["returnUrl"] = address });
        if (leaving.StatusCode == HttpStatusCode.BadRequest)
        {
            return; // NUL is no part of any form
        }

        Assert.Equal(host.Portal.SandboxAddress.Authority, leaving.Headers.Location!.Authority);
        using var atProvider = await browser.GetAsync(leaving.Headers.Location.ToString());
        using var back = await browser.GetAsync(atProvider.Headers.Location!.ToString());

        Assert.Equal(host.Portal.Address.Authority, back.RequestMessage!.RequestUri!.Authority);
        AssertWithin(back);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/people")]
    [InlineData("/record?search=BP-123")]
    [InlineData("/about#notice")]
    public async Task A_page_of_the_portal_is_returned_to(string address)
    {
        using var browser = host.Portal.NewBrowser();

        var answer = await browser.ReturnFromProviderAsync(People.Administrator, $"/authentication/login?returnUrl={Uri.EscapeDataString(address)}");

        Assert.Equal(address, answer.Headers.Location!.OriginalString);
    }

    [Theory]
    [InlineData("/authentication/login")]
    [InlineData("/authentication/login?returnUrl=/people")]
    [InlineData("/Authentication/Login")]
    [InlineData("/signed-out")]
    [InlineData("/signed-out?x#y")]
    [InlineData("/sign-in-failed")]
    public async Task Nobody_who_has_just_signed_in_is_sent_where_one_signs_in_or_is_signed_out(string address)
    {
        using var browser = host.Portal.NewBrowser();

        var answer = await browser.ReturnFromProviderAsync(People.Maya, $"/authentication/login?returnUrl={Uri.EscapeDataString(address)}");

        Assert.Equal("/", answer.Headers.Location!.OriginalString);
    }

    [Fact]
    public async Task Whoever_opens_a_page_signed_out_comes_back_to_it()
    {
        using var browser = host.Portal.NewBrowser();

        var answer = await browser.ReturnFromProviderAsync(People.Administrator, "/record?search=BP-123");

        Assert.Equal("/record?search=BP-123", new Uri(host.Portal.Address, answer.Headers.Location!).PathAndQuery);
    }

    [Fact]
    public async Task Signing_out_ends_the_session()
    {
        using var browser = await host.Portal.SignInAsync(People.Maya);
        await browser.TakeTokenAsync();

        await browser.PostAsync("/authentication/logout", new() { ["__RequestVerificationToken"] = await browser.ReadAntiforgeryAsync() });
        using var asked = await browser.AskForTokenAsync();

        Assert.Equal(HttpStatusCode.Unauthorized, asked.StatusCode);
        Assert.DoesNotContain(browser.Cookies.Jar.Keys, cookie => cookie.Name == "__Host-BoxPortal");
    }

    private void AssertWithin(HttpResponseMessage answer)
    {
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        // As browsers read it: backslashes are slashes, tabs and line ends are nothing.
        var location = answer.Headers.GetValues("Location").Single().Replace('\\', '/').ReplaceLineEndings("").Replace("\t", "", StringComparison.Ordinal).Trim();
        var read = new Uri(host.Portal.Address, location);
        Assert.Equal(host.Portal.Address.Authority, read.Authority);
        Assert.DoesNotContain("evil", read.AbsolutePath, StringComparison.Ordinal);
    }
}
