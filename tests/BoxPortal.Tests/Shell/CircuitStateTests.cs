namespace BoxPortal.Tests.Shell;

public sealed class CircuitStateTests(RunningPortal host) : IClassFixture<RunningPortal>
{
    private const string State = "<!--Blazor-Server-Component-State:";

    [Theory]
    [InlineData("/")]
    [InlineData("/about")]
    [InlineData("/access-denied")]
    public async Task A_page_without_a_circuit_carries_no_state_for_one(string path)
    {
        using var browser = await host.Portal.SignInAsync(People.Maya);

        var page = await ReadAsync(browser, path);

        Assert.Contains("</html>", page, StringComparison.Ordinal);
        Assert.DoesNotContain(State, page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_administrators_page_carries_it()
    {
        using var browser = await host.Portal.SignInAsync(People.Administrator);

        Assert.Contains(State, await ReadAsync(browser, "/people"), StringComparison.Ordinal);
    }

    private static async Task<string> ReadAsync(Browser browser, string path)
    {
        using var answer = await browser.GetAsync(path);
        return await answer.Content.ReadAsStringAsync(PortalHost.Cancellation);
    }
}
