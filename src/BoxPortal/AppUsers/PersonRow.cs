using BoxPortal.Shell;
using BoxPortal.SignIn;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Html;
using Microsoft.Extensions.Localization;

namespace BoxPortal.AppUsers;

/// <summary>One person in the list: what it shows of them, drawn, and the little that is asked of it. A page keeps as many as it shows, for as long as it is open.</summary>
/// <param name="mapping">The person as they stand.</param>
/// <param name="mayMap">Whether whoever looks may change what they are mapped to: an administrator, but not of themselves.</param>
/// <param name="interactive">Whether there is a circuit to hear the buttons.</param>
/// <param name="words">What every row says.</param>
internal sealed class PersonRow(AppUserMapping mapping, bool mayMap, bool interactive, PersonRow.Words words)
{
    /// <summary>What the button says that maps the person.</summary>
    public const string Map = "map";

    /// <summary>What the button says that unmaps them.</summary>
    public const string Unmap = "unmap";

    private readonly DateTimeOffset? _lastSignInAt = mapping.LastSignInAt;

    public EmployeeId Id { get; } = mapping.EmployeeId;

    public MappingState State { get; } = mapping.State;

    public string? AppUserId { get; } = mapping.AppUserId;

    /// <summary>The cells from the person to the app user.</summary>
    public MarkupString Who { get; } = DrawWho(mapping, words);

    /// <summary>The cells of groups and last sign-in.</summary>
    public MarkupString Facts { get; private set; }

    /// <summary>The cell of buttons; they are called after the person, for whoever hears them instead of seeing the row around them.</summary>
    public MarkupString Actions { get; } = DrawActions(mapping, mayMap, interactive, words);

    /// <summary>Draws what may only be known later.</summary>
    /// <param name="groups">Names of the groups; <c>null</c> while they are not known.</param>
    /// <param name="unanswered">Whether Box was asked for them in vain.</param>
    public void Tell(IReadOnlyList<string>? groups, bool unanswered)
    {
        var facts = Html.Of($"""<td class="fact-groups">{DrawGroups(groups, unanswered)}</td><td class="fact-seen">{(_lastSignInAt is { } at ? LocalTime.Of(at) : Html.Of($"""<span class="none">{words.Never}</span>"""))}</td>""").Drawn();
        // What is said anew is mostly the same; Blazor keeps what it drew before, so two equal strings would both stay.
        Facts = facts.Value == Facts.Value ? Facts : facts;
    }

    private static MarkupString DrawWho(AppUserMapping mapping, Words words) => Html.Of(
        $"""<td class="fact-person"><a class="row-link" href="/people/{mapping.ObjectId}">{Person.Of(mapping.Name, mapping.UserName)}</a></td><td class="fact-state">{MappingStateChip.Of(mapping.State, words.Text)} {DrawCause(mapping, words)}{DrawSuggestion(mapping, words)}</td><td class="fact-app-user">{(mapping.AppUserId is { } id ? CopyableId.Of(id, words.AppUserId, words.Copying) : Html.Of($"""<span class="none">{words.None}</span>"""))}</td>""").Drawn();

    private static MarkupString DrawActions(AppUserMapping mapping, bool mayMap, bool interactive, Words words)
    {
        return Html.Of($"""<td class="fact-actions">{Button(Map, words.Map, "Map {0}", mapping.State is not MappingState.Mapped)}{Button(Unmap, words.Unmap, "Unmap {0}", mapping.AppUserId is not null)}</td>""").Drawn();

        IHtmlContent Button(string act, string word, string spoken, bool offered) => mayMap && offered
            ? Html.Of($"""<button type="button" class="{(act == Map && mapping.State is MappingState.Waiting ? "action action-primary" : "action")}" data-act="{act}" data-row="{mapping.ObjectId}" aria-label="{words.Text[spoken, mapping.Name]}"{(interactive ? HtmlString.Empty : new HtmlString(" disabled"))}>{word}</button>""")
            : HtmlString.Empty;
    }

    private static IHtmlContent DrawCause(AppUserMapping mapping, Words words) => mapping is { State: MappingState.Waiting, WaitingSince: { } since }
        ? Html.Of($"""<span class="cause" title="{words.Text[mapping.Cause]}">{words.Text.Of("WaitsSince", LocalTime.Of(since, asClock: true), Html.Of($"""<code class="id">{mapping.Reference}</code>"""))}</span>""")
        : Html.Of($"""<span class="cause" title="{words.Text[mapping.Cause]}">{words.Text.Written(mapping.Cause)}</span>""");

    private static IHtmlContent DrawSuggestion(AppUserMapping mapping, Words words) => mapping.SuggestedAppUserId is { } suggested
        ? Html.Of($"""<span class="looks-like">{Icon.Of("link")} {words.Text.Of("LooksLike", Html.Of($"""<code class="id">{suggested}</code>"""), mapping.SuggestionScore ?? 0, words.Text.Written(mapping.SuggestionReason))}</span>""")
        : HtmlString.Empty;

    private IHtmlContent DrawGroups(IReadOnlyList<string>? groups, bool unanswered) => groups switch
    {
        _ when State is not MappingState.Mapped => HtmlString.Empty,
        null when unanswered => Html.Of($"""<span class="none" title="{words.Unanswered}">?</span>"""),
        null => Html.Of($"""<span class="cell-skeleton" aria-label="{words.Asking}"></span>"""),
        [] => Html.Of($"""<span class="none">{words.None}</span>"""),
        { Count: > 2 } => Html.Of($"""<span title="{string.Join(", ", groups)}">{words.Text["GroupsAndMore", groups[0], groups[1], groups.Count - 2]}</span>"""),
        _ => Html.Of($"{string.Join(", ", groups)}"),
    };

    /// <summary>What does not differ from row to row, asked for once for all of them.</summary>
    internal sealed class Words(IStringLocalizer<AppUsersText> text, IStringLocalizer<ShellText> shell)
    {
        public IStringLocalizer<AppUsersText> Text => text;

        public CopyableId.Words Copying { get; } = new(shell);

        public string AppUserId { get; } = text["AppUserId"];

        public string Map { get; } = text["Map…"];

        public string Unmap { get; } = text["Unmap…"];

        public string None { get; } = text["None"];

        public string Never { get; } = text["Never"];

        public string Unanswered { get; } = text["Unanswered"];

        public string Asking { get; } = text["BeingAsked"];
    }
}
