using BoxPortal.Tests.SignIn;

namespace BoxPortal.Tests.Shell;

public sealed class SearchBoxTests(RunningPortal host) : IClassFixture<RunningPortal>
{
    private const string Label = "Name, mail, reference or app user ID";

    [Fact]
    public async Task What_is_typed_while_the_list_is_fetched_stays_and_a_link_takes_its_place()
    {
        using var browser = await host.Portal.SignInAsync(People.Administrator);
        await using var page = await CircuitClient.ConnectAsync(browser);
        await page.StartCircuitAsync("/people?q=x");
        await page.ExpectAsync("q=x&");
        var first = page.ValueOf(Label);

        await page.EnterAsync("input", Label, "okaf");
        var typing = page.EnterAsync("input", Label, "okafor");
        await page.GoToAsync("/people?q=okaf"); // where the first letters lead
        await page.ExpectAsync("q=okaf&");
        var whileTyping = page.ValueOf(Label);
        await typing;
        await page.GoToAsync("/people?q=okafor");
        await page.ExpectAsync("q=okafor&");
        var typed = page.ValueOf(Label);
        await page.GoToAsync("/people?q=maya");
        await page.ExpectAsync("q=maya&");

        Assert.Equal(("x", "okafor", "okafor", "maya"), (first, whileTyping, typed, page.ValueOf(Label)));
    }
}
