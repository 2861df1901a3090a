using System.Net;

namespace BoxPortal.Sandbox.Tests.SignIn;

public sealed class SignInPageTests(Application application) : IClassFixture<Application>
{
    [Fact]
    public async Task Those_worth_trying_stand_first_and_everybody_is_there()
    {
        var names = await Application.NamesOnAsync(await application.AskAsync());

        Assert.Equal(
            ["Maya Okafor", "Tomás Herrera", "Ingrid Sølberg", "Priya Raman", "Kenji Watanabe", "Charlotte Mbeki", "Noah Lindqvist", "Viktor Drăgan"],
            names.Take(8));
        Assert.Equal(Directory.People.Select(person => person.Name).Order(), names.Order());
    }

    [Theory]
    [InlineData("ziel", "Łukasz Zieliński")]
    [InlineData("lukasz", "Łukasz Zieliński")]
    [InlineData("HARUKA", "伊藤 遥香 (Haruka Itō)")]
    [InlineData("kim customer", "Daniel Kim")]
    [InlineData("payroll", "Jonas Virtanen")]
    [InlineData("suspended", "Viktor Drăgan")]
    public async Task People_are_found_by_what_is_known_of_them(string sought, string name)
    {
        var names = await Application.NamesOnAsync(await application.AskAsync(("find", sought)));

        Assert.Equal([name], names);
    }

    [Fact]
    public async Task Finding_nobody_says_so()
    {
        var page = await application.AskAsync(("find", "<b>nobody</b>"));

        var html = await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains("Nobody here is called", html);
        Assert.DoesNotContain("<b>", html);
    }

    [Fact]
    public async Task Choosing_somebody_who_does_not_exist_asks_again()
    {
        var page = await application.ChooseAsync(Guid.NewGuid());

        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.NotEmpty(await Application.NamesOnAsync(page));
    }

    [Fact]
    public async Task The_page_runs_nothing_and_its_form_leads_here_and_to_the_application_only()
    {
        var page = await application.AskAsync();

        Assert.Equal(
            "default-src 'none'; style-src 'self'; img-src data:; form-action 'self' http://localhost:5080; base-uri 'none'; frame-ancestors 'none'",
            page.Headers.GetValues("Content-Security-Policy").Single());
        Assert.True(page.Headers.CacheControl!.NoStore);
        Assert.DoesNotContain("<script", await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task The_stylesheet_is_where_the_page_says()
    {
        using var answer = await application.Http.GetAsync("/sign-in.css", TestContext.Current.CancellationToken);

        Assert.Equal("text/css", answer.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task The_applications_own_parameters_survive_the_form_unharmed()
    {
        var page = await application.AskAsync(("state", "\"><script>alert(1)</script>"));

        var html = await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains("""name="state" value="&quot;&gt;&lt;script&gt;""", html);
        Assert.DoesNotContain("<script", html);
    }
}
