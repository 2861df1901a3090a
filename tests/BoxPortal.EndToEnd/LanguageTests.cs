using BoxPortal.Tests;
using Microsoft.Playwright;

namespace BoxPortal.EndToEnd;

public sealed class LanguageTests(Chromium chromium) : PortalTest(chromium)
{
    [Theory]
    [InlineData("de-DE", "Europe/Lisbon", "Ihr Zugriff auf Dateien ist ausgesetzt", "17:00", "13.07.2026, 17:00")]
    [InlineData("ja-JP", "Asia/Tokyo", "ファイルへのアクセスが一時停止されています", "1:00", "2026/07/14 1:00")]
    public async Task A_person_reads_their_language_and_the_clock_on_their_wall(string language, string zone, string title, string today, string yesterday)
    {
        var viktor = await ArriveAsync(People.Suspended, language: language, zone: zone);
        await viktor.SignInAsync();

        await viktor.ExpectCardAsync(title);
        Assert.Equal(language[..2], await viktor.Page.EvaluateAsync<string>("document.documentElement.lang"));
        await viktor.LookAsync($"suspended-{language}");

        await viktor.Page.Clock.SetFixedTimeAsync("2026-07-14T18:00:00Z");
        Assert.Equal(today, await SayAsync("2026-07-14T16:00:00Z"));
        Assert.Equal(yesterday, await SayAsync("2026-07-13T16:00:00Z"));

        await viktor.Page.GetByRole(AriaRole.Button, new() { Name = "English" }).ClickAsync();
        await viktor.ExpectCardAsync("Your access to files is paused");

        // The component that tells all times on this page, given another moment.
        Task<string> SayAsync(string at) => viktor.Page.EvaluateAsync<string>(
            "async at => { const time = document.querySelector('local-time time'); time.dateTime = at; await 0; return time.textContent; }", at);
    }

    [Fact]
    public async Task A_circuit_speaks_the_language_of_its_page()
    {
        var priya = await ArriveAsync(People.Administrator, language: "ja-JP", zone: "Asia/Tokyo");
        await priya.SignInAsync("/people");
        await Assertions.Expect(priya.Page.Locator(".table-frame[data-interactive]")).ToBeVisibleAsync();

        await priya.Page.GetByRole(AriaRole.Link, new() { Name = "グループ" }).ClickAsync();

        await Assertions.Expect(priya.Page.Locator(".rail [aria-current]")).ToHaveTextAsync("グループ");
    }
}
