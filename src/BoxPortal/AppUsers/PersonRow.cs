using BoxPortal.Shell;
using BoxPortal.SignIn;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Html;

namespace BoxPortal.AppUsers;

/// <summary>One person in the list: what it shows of them, drawn, and the little that its buttons need. A page keeps as many as it shows, for as long as it is open.</summary>
internal sealed class PersonRow(AppUserMapping mapping)
{
    private readonly DateTimeOffset? _lastSignInAt = mapping.LastSignInAt;

    public EmployeeId Id { get; } = mapping.EmployeeId;

    public MappingState State { get; } = mapping.State;

    public string? AppUserId { get; } = mapping.AppUserId;

    /// <summary>What the buttons are called, for whoever hears them instead of seeing the row around them.</summary>
    public string Name { get; } = mapping.Name;

    /// <summary>The cells from the person to the app user.</summary>
    public MarkupString Who { get; } = DrawWho(mapping);

    /// <summary>The cells of groups and last sign-in.</summary>
    public MarkupString Facts { get; private set; }

    /// <summary>Draws what may only be known later.</summary>
    /// <param name="groups">Names of the groups; <c>null</c> while they are not known.</param>
    /// <param name="unanswered">Whether Box was asked for them in vain.</param>
    public void Tell(IReadOnlyList<string>? groups, bool unanswered) =>
        Facts = Html.Of($"""<td class="fact-groups">{DrawGroups(groups, unanswered)}</td><td class="fact-seen">{(_lastSignInAt is { } at ? LocalTime.Of(at) : Html.Of($"""<span class="none">never</span>"""))}</td>""").Drawn();

    private static MarkupString DrawWho(AppUserMapping mapping) => Html.Of($"""
        <td class="fact-person"><a class="row-link" href="/people/{mapping.ObjectId}">{Person.Of(mapping.Name, mapping.UserName)}</a></td>
        <td class="fact-state">{MappingStateChip.Of(mapping.State)} {DrawCause(mapping)}{DrawSuggestion(mapping)}</td>
        <td class="fact-app-user">{(mapping.AppUserId is { } id ? CopyableId.Of(id, "app user ID") : Html.Of($"""<span class="none">none</span>"""))}</td>
        """).Drawn();

    private static IHtmlContent DrawCause(AppUserMapping mapping) => mapping is { State: MappingState.Waiting, WaitingSince: { } since }
        ? Html.Of($"""<span class="cause" title="{mapping.Cause}">since {LocalTime.Of(since, asClock: true)}, <code class="id">{mapping.Reference}</code></span>""")
        : Html.Of($"""<span class="cause" title="{mapping.Cause}">{mapping.Cause}</span>""");

    private static IHtmlContent DrawSuggestion(AppUserMapping mapping) => mapping.SuggestedAppUserId is { } suggested
        ? Html.Of($"""<span class="looks-like">{Icon.Of("link")} Looks like <code class="id">{suggested}</code>, {mapping.SuggestionScore} %: {mapping.SuggestionReason}</span>""")
        : HtmlString.Empty;

    private IHtmlContent DrawGroups(IReadOnlyList<string>? groups, bool unanswered) => groups switch
    {
        _ when State is not MappingState.Mapped => HtmlString.Empty,
        null when unanswered => Html.Of($"""<span class="none" title="Box did not say">?</span>"""),
        null => Html.Of($"""<span class="cell-skeleton" aria-label="Being asked of Box"></span>"""),
        [] => Html.Of($"""<span class="none">none</span>"""),
        _ => Html.Of($"""<span title="{string.Join(", ", groups)}">{string.Join(", ", groups.Take(2))}{(groups.Count > 2 ? $" and {groups.Count - 2} more" : "")}</span>"""),
    };
}
