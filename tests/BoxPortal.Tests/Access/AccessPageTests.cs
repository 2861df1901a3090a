using System.Net;

namespace BoxPortal.Tests.Access;

public sealed class AccessPageTests(RunningPortal host) : IClassFixture<RunningPortal>
{
    [Theory]
    [InlineData("folder=abc", "a folder’s ID is a number")]
    [InlineData("folder=-1", "a folder’s ID is a number")]
    [InlineData("folder=0", "Choose a folder in it above.")]
    [InlineData("person=maya&folder=11", "Find the person above")]
    [InlineData("folder=+", "Choose a folder to see who comes to it")]
    public async Task An_address_that_names_nothing_is_answered_with_what_to_do(string query, string words)
    {
        using var browser = await host.Portal.SignInAsync(People.HelpDesk);
        using var page = await browser.GetAsync($"/access?{query}");

        Assert.Contains(words, WebUtility.HtmlDecode(await page.Content.ReadAsStringAsync(PortalHost.Cancellation)), StringComparison.Ordinal);
    }
}
