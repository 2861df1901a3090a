using System.Collections;
using System.Globalization;
using System.Net;
using System.Resources;
using System.Text;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using BoxPortal.Access;
using BoxPortal.AppUsers;
using BoxPortal.Audit;
using BoxPortal.Box;
using BoxPortal.Groups;
using BoxPortal.Imports;
using BoxPortal.Jobs;
using BoxPortal.Shell;
using BoxPortal.Tests.Groups;
using BoxPortal.Tests.Imports;
using BoxPortal.Tests.Sync;
using Microsoft.Extensions.DependencyInjection;

namespace BoxPortal.Tests.Shell;

/// <summary>The portal's own words: whole in each language, and in the person's.</summary>
public sealed partial class LanguageTests(RunningPortal host) : IClassFixture<RunningPortal>
{
    private static readonly string[] s_areas =
    [
        .. typeof(Program).Assembly.GetManifestResourceNames().Where(name => name.EndsWith("Text.resources", StringComparison.Ordinal))
            .Select(name => name[..^".resources".Length]),
    ];

    /// <summary>Whatever of the English words can only be English.</summary>
    private static readonly List<string> s_english =
    [
        .. s_areas.SelectMany(area => WordsOf(area).Values.Concat(KeysOf(area))).SelectMany(words => Parts().Split(words))
            .Select(words => words.Trim()).Where(words => words.Count(letter => letter == ' ') >= 2),
    ];

    private static readonly string[] s_roles = [.. Enum.GetValues<CollaborationRole>().Select(role => role.Word())];

    public static MatrixTheoryData<string, string> AreasInOtherLanguages => new(s_areas, [.. Languages.All.Skip(1).Select(language => language.Name)]);

    /// <summary>Words that are also written down stand in the code, and are their own keys.</summary>
    public static TheoryData<string, string[]> WordsOfKinds => new()
    {
        { "Jobs.JobsText", [.. Enum.GetValues<ChangeStage>().Select(OutcomeChip.Word)] },
        { "Groups.GroupsText", [.. Enum.GetValues<CollaborationRole>().SelectMany(role => new[] { GroupWords.Name(role), GroupWords.Explanation(role) }), .. Enum.GetValues<GroupRole>().Select(GroupWords.Name)] },
        { "Imports.ImportsText", [.. Enum.GetValues<LineVerdict>().Select(VerdictChip.Word)] },
        { "Access.AccessText", [.. Enum.GetValues<AccessReason>().Select(AccessAnswer.Title), .. Enum.GetValues<CollaborationRole>().Select(role => role.Word())] },
        { "Audit.AuditText", [.. Enum.GetValues<AuditKind>().Select(kind => kind.Words())] },
        { "AppUsers.AppUsersText", [.. Enum.GetValues<MappingState>().Select(MappingStateChip.Word), .. Enum.GetNames<AppUserAct>()] },
        { "Groups.ChangeSetsText", [.. s_roles] },
        { "Sync.SyncText", [.. s_roles.Select(role => $"{char.ToUpperInvariant(role[0])}{role[1..]}")] },
    };

    [Theory]
    [MemberData(nameof(AreasInOtherLanguages))]
    public void No_words_are_missing_and_none_are_left_over(string area, string language)
    {
        Assert.Equal(KeysOf(area), WordsOf(area, language).Keys.Order(StringComparer.Ordinal));
        Assert.Empty(WordsOf(area).Keys.Except(KeysOf(area)));
    }

    [Theory]
    [MemberData(nameof(AreasInOtherLanguages))]
    public void What_is_filled_in_and_marked_up_is_the_same_as_in_English(string area, string language)
    {
        var english = WordsOf(area);

        Assert.All(WordsOf(area, language), said => Assert.Equal((said.Key, Frame(english.GetValueOrDefault(said.Key, said.Key))), (said.Key, Frame(said.Value))));
    }

    [Fact]
    public void Code_asks_for_words_that_there_are_and_for_all_of_them()
    {
        var sources = Sources();
        var kinds = typeof(Program).Assembly.GetTypes().Where(type => type.IsEnum).SelectMany(Enum.GetNames).Concat(WordsOfKinds.SelectMany(row => row.Data.Item2)).ToHashSet();
        foreach (var area in s_areas)
        {
            var known = KeysOf(area).Select(key => Number().Replace(key, "")).ToHashSet();
            var users = sources.Where(source => source.Contains($"IStringLocalizer<{area.Split('.')[^1]}> Text", StringComparison.OrdinalIgnoreCase));
            Assert.Empty(users.SelectMany(source => Asked().Matches(source).Select(match => match.Groups[1].Value)).Except(known));
            Assert.All(known.Except(kinds), key => Assert.Contains(sources, source => source.Contains($"\"{key}\"", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public void What_comes_of_an_act_is_said_in_every_language()
    {
        var known = s_areas.SelectMany(KeysOf).ToHashSet();
        var said = Sources("AppUsers", "Imports", "Jobs", "Access", "Sync").SelectMany(source => Said().Matches(source)).Select(match => match.Groups[1].Value)
            .Concat(Sources("Groups").SelectMany(source => SaidSentence().Matches(source)).Select(match => match.Groups[1].Value))
            .Concat(Sources().SelectMany(source => SaidOfANumber().Matches(source)).SelectMany(match => new[] { match.Groups[1].Value, match.Groups[2].Value })).ToList();

        Assert.NotEmpty(said);
        Assert.Empty(said.Except(known));
    }

    [Theory]
    [MemberData(nameof(WordsOfKinds))]
    public void Every_kind_has_its_word(string area, string[] words) => Assert.Empty(words.Except(KeysOf($"BoxPortal.{area}")));

    [Theory]
    [InlineData("de")]
    [InlineData("ja")]
    public async Task An_employee_reads_no_English(string language)
    {
        foreach (var person in new[] { People.Maya, People.Newcomer, People.Suspended })
        {
            using var browser = await host.Portal.SignInAsync(person);
            foreach (var path in person == People.Maya ? ["/", "/about", "/access-denied", "/error", "/nowhere", "/signed-out", "/sign-in-failed"] : new[] { "/" })
            {
                await AssertNoEnglishAsync(browser, path, language);
            }
        }
    }

    [Theory]
    [InlineData("de")]
    [InlineData("ja")]
    public async Task An_administrator_reads_no_English_but_what_was_written_down(string language)
    {
        using var browser = await host.Portal.SignInAsync(People.Administrator);
        var lines = Assert.IsType<CsvFile.Readable>(CsvFile.Open("people.csv", Encoding.UTF8.GetBytes($"object_id,mail,app_user\n{People.Maya.ObjectId},,\n,nobody@larkfield.example,new\n"))).Source;
        var import = Assert.IsType<JobResult.Done>(await host.Portal.Drafts().DraftAsync(await host.Portal.SessionOfAsync(People.Administrator), lines, PortalHost.Cancellation)).Job;
        var (group, _) = host.Portal.NewGroup(members: 2);
        await host.Portal.RuleAsync(host.Portal.NewDirectoryGroup(), group);
        var set = Assert.IsType<JobResult.Done>(await host.Portal.ChangeSets().DraftAsync(await host.Portal.SessionOfAsync(People.Administrator),
            new GroupRequest("Describe a group", "Reise", [new GroupEdit(GroupAct.DescribeGroup, group.Id, Description: "Reisende")]), PortalHost.Cancellation)).Job;
        foreach (var path in new[] { $"/imports/{import.Id}", "/people", "/people?state=mapped&q=nobody", $"/people/{People.Maya.ObjectId}", $"/people/{People.Suspended.ObjectId}", $"/people/{People.Newcomer.ObjectId}", $"/people/{Guid.NewGuid()}", "/record", "/record?q=nobody", "/record?kind=mapped&q=nobody", "/imports", "/imports/999999", "/access", "/access?person=nobody", $"/access?person={People.Maya.ObjectId}&folder=0", "/groups/sync", "/groups/drift", "/groups/changes", $"/groups/changes/{set.Id}", "/groups/changes/999999" })
        {
            await AssertNoEnglishAsync(browser, path, language);
        }
    }

    [Theory]
    [InlineData("de")]
    [InlineData("ja")]
    public async Task Of_groups_nobody_reads_English_but_what_was_written_down(string language)
    {
        using var administrator = await host.Portal.SignInAsync(People.Administrator);
        var (group, members) = host.Portal.NewGroup(members: 2);
        host.Portal.Enterprise.AddCollaboration(host.Portal.NewFolder(), group, "viewer");
        await host.Portal.OwnAsync(People.Maya, group);
        Assert.IsType<KeepingResult.Done>(await host.Portal.Services.GetRequiredService<GroupKeeping>().ProtectAsync(
            await host.Portal.SessionOfAsync(People.Administrator), group.Id, group.Name, isProtected: true, "Payroll", PortalHost.Cancellation));
        var pages = new[] { "", "?q=nobody", "?tab=folders", "?tab=owners" }.Select(part => $"/groups/{group.Id}{part}").ToList();

        foreach (var path in (string[])[.. pages, "/groups?q=team", "/groups?q=nobody", "/groups/999999", $"/groups/edit?person={members[0].Id}", "/groups/edit", "/groups/edit?person=999999"])
        {
            await AssertNoEnglishAsync(administrator, path, language);
        }

        using var owner = await host.Portal.SignInAsync(People.Maya);
        foreach (var path in (string[])[.. pages, "/groups"])
        {
            await AssertNoEnglishAsync(owner, path, language);
        }
    }

    [Theory]
    [InlineData("de-AT,de;q=0.9,en;q=0.8", "de")]
    [InlineData("ja", "ja")]
    [InlineData("en-GB", "en")]
    [InlineData("fr-CA,fr;q=0.9,de;q=0.5", "de")]
    [InlineData("tlh", "en")]
    [InlineData("", "en")]
    [InlineData("*;q=x,,;;=", "en")]
    public async Task The_browsers_languages_are_tried_in_their_order(string accepted, string spoken)
    {
        using var browser = host.Portal.NewBrowser();

        var page = await ReadAsync(browser, "/about", accepted);

        Assert.Equal(spoken, page.DocumentElement.GetAttribute("lang"));
        Assert.Equal(spoken, page.QuerySelector("[aria-current=true]")?.GetAttribute("value"));
    }

    [Fact]
    public async Task A_choice_stays_whatever_the_browser_says()
    {
        string? kept = null;
        using var browser = new Browser(host.Portal.Address, answer =>
        {
            kept ??= answer.Headers.TryGetValues("Set-Cookie", out var cookies) ? cookies.FirstOrDefault(cookie => cookie.Contains("Language", StringComparison.Ordinal)) : null;
            return Task.CompletedTask;
        });

        using var chosen = await ChooseAsync(browser, "ja", "/about");
        var page = await ReadAsync(browser, "/about", "de");

        Assert.Equal((HttpStatusCode.Redirect, "/about"), (chosen.StatusCode, chosen.Headers.Location?.OriginalString));
        Assert.Equal("ja", page.DocumentElement.GetAttribute("lang"));
        var attributes = kept!.Split(';', StringSplitOptions.TrimEntries).Skip(1).Select(attribute => attribute.ToLowerInvariant()).ToHashSet();
        Assert.StartsWith("__Host-", kept, StringComparison.Ordinal);
        Assert.Superset(new HashSet<string> { "secure", "httponly", "samesite=lax", "path=/" }, attributes);
        Assert.Contains(attributes, attribute => attribute.StartsWith("expires=", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("//evil.example")]
    [InlineData("https://evil.example/")]
    [InlineData("/\\evil.example")]
    public async Task A_choice_returns_to_the_portal_alone(string returnUrl)
    {
        using var browser = host.Portal.NewBrowser();

        using var chosen = await ChooseAsync(browser, "de", returnUrl);

        Assert.Equal("/", chosen.Headers.Location?.OriginalString);
    }

    [Theory]
    [InlineData("fr")]
    [InlineData("")]
    [InlineData("de|uic=x")]
    public async Task There_is_no_choosing_a_language_that_there_is_not(string language)
    {
        using var browser = host.Portal.NewBrowser();

        using var chosen = await ChooseAsync(browser, language, "/");

        Assert.Equal(HttpStatusCode.BadRequest, chosen.StatusCode);
        Assert.False(chosen.Headers.Contains("Set-Cookie"));
    }

    /// <summary>That these sentences are said in every language, with those that they are filled with.</summary>
    internal static void AssertSaid(string area, params IEnumerable<Sentence> sentences)
    {
        var known = KeysOf($"BoxPortal.{area}").ToHashSet();
        Assert.All(sentences.SelectMany(sentence => sentence.Values.OfType<Sentence>().Prepend(sentence)), sentence => Assert.Contains(sentence.English, known));
    }

    private static async Task<HttpResponseMessage> ChooseAsync(Browser browser, string language, string returnUrl)
    {
        var form = (await Browser.ReadFormsAsync(await browser.GetAsync("/about"))).Single(form => form.Action.EndsWith("/language", StringComparison.Ordinal));
        return await browser.PostAsync(form.Action, new(Browser.Fields(form)) { ["language"] = language, ["returnUrl"] = returnUrl });
    }

    private static async Task AssertNoEnglishAsync(Browser browser, string path, string language)
    {
        var page = await ReadAsync(browser, path, language);
        // What says that it is English may be.
        foreach (var other in page.QuerySelectorAll("[lang=en]").ToList())
        {
            other.Remove();
        }

        string[] attributes = ["aria-label", "title", "placeholder"];
        var words = string.Join('\n', page.QuerySelectorAll("template").Cast<AngleSharp.Html.Dom.IHtmlTemplateElement>().Select(template => template.Content.TextContent)
            .Append(page.DocumentElement.TextContent)
            .Concat(attributes.SelectMany(attribute => page.QuerySelectorAll($"[{attribute}]").Select(element => element.GetAttribute(attribute)!))));
        Assert.Equal(language, page.DocumentElement.GetAttribute("lang"));
        Assert.DoesNotContain(s_english, sentence => words.Contains(sentence, StringComparison.Ordinal));
        Assert.DoesNotMatch(English(), words);
    }

    private static async Task<IDocument> ReadAsync(Browser browser, string path, string accepted)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Accept-Language", accepted);
        request.Headers.Accept.ParseAdd("text/html");
        using var answer = await browser.SendAsync(request);
        return await new HtmlParser().ParseDocumentAsync(await answer.Content.ReadAsStringAsync(PortalHost.Cancellation), PortalHost.Cancellation);
    }

    private static Dictionary<string, string> WordsOf(string area, string? language = null) =>
        new ResourceManager(area, typeof(Program).Assembly)
            .GetResourceSet(language is null ? CultureInfo.InvariantCulture : new CultureInfo(language), createIfNotExists: true, tryParents: false)!
            .Cast<DictionaryEntry>().ToDictionary(entry => (string)entry.Key, entry => (string)entry.Value!);

    /// <summary>English has no entry for what is its own key; every other language has.</summary>
    private static IEnumerable<string> KeysOf(string area) => WordsOf(area, Languages.All[1].Name).Keys.Order(StringComparer.Ordinal);

    private static string Frame(string words) => string.Join(' ', Parts().Matches(words).Select(match => match.Value).Order(StringComparer.Ordinal));

    private static List<string> Sources(params string[] rooms)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "BoxPortal.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests do not run below the solution.");
        }

        return
        [
            .. from room in rooms.DefaultIfEmpty("")
               from kind in new[] { "*.razor", "*.cs", "*.razor.js", "preview.js" }
               from file in Directory.EnumerateFiles(Path.Combine(folder.FullName, "src", "BoxPortal", room), kind, SearchOption.AllDirectories)
               where !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
               select File.ReadAllText(file),
        ];
    }

    [GeneratedRegex("""\bText(?:\[|\.(?:Markup|Counted)\()"([^"]+)""")]
    private static partial Regex Asked();

    [GeneratedRegex("""\b(?:Unusable|NotNow|NotSo|Unreadable|Sentence)\((?:new\()?\s*"([^"]+)""")]
    private static partial Regex Said();

    [GeneratedRegex("""\bnew Sentence\("([^"]+)""")]
    private static partial Regex SaidSentence();

    [GeneratedRegex("""\bSentence\.Counted\([^"\n]+"([^"]+)",\s*"([^"]+)["]""")]
    private static partial Regex SaidOfANumber();

    [GeneratedRegex(@"\.(One|Other)$")]
    private static partial Regex Number();

    [GeneratedRegex(@"\{\d\}|<[^>]*>")]
    private static partial Regex Parts();

    /// <summary>Words that no English sentence does without for long, and that neither German nor Japanese has.</summary>
    [GeneratedRegex(@"\b(the|you|your|is|are|of|and|to|this|Your|You|This|Sign|Check|Reference|About)\b")]
    private static partial Regex English();
}
