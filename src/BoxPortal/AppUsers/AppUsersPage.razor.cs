using BoxPortal.Box;
using BoxPortal.Shell;
using BoxPortal.SignIn;
using BoxPortal.Storage;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace BoxPortal.AppUsers;

/// <summary>Who is who, and the acts that change it. The list follows what happens elsewhere.</summary>
public sealed partial class AppUsersPage(
    IDbContextFactory<PortalDb> databases,
    AppUserDirectory directory,
    AccessChanges changes,
    KnownAppUsers known,
    AppUserGroups groups,
    IAuthorizationService authorization,
    NavigationManager navigation,
    IOptions<CompanyOptions> company,
    TimeProvider clock) : IAsyncDisposable
{
    private const int PageSize = 25;

    private static readonly (SeenFilter, string)[] s_seen = [(SeenFilter.Never, "Never here"), (SeenFilter.LongAgo, "Not for 90 days")];

    private readonly CancellationTokenSource _leaving = new();
    private Task _following = Task.CompletedTask;
    private PersonRow.Words _words = null!; // before any row is
    private IReadOnlyList<PersonRow>? _rows;
    private PeopleList _list = PeopleList.Parse(null, null, null, null);
    private Dictionary<MappingState, int> _counts = [];
    private int _suggested;
    private bool _groupsUnknown;
    private Task _asking = Task.CompletedTask;
    private int Total { get; set; }
    private bool _mayMap;
    private EmployeeId _self;
    private AppUserMapping? _chosen;
    private bool _unmapping;
    private string? _outcome;

    [CascadingParameter]
    public required Task<AuthenticationState> Session { get; set; }

    [SupplyParameterFromQuery(Name = "q")]
    public string? Search { get; set; }

    [SupplyParameterFromQuery(Name = "state")]
    public string? State { get; set; }

    [SupplyParameterFromQuery(Name = "seen")]
    public string? Seen { get; set; }

    [SupplyParameterFromQuery(Name = "order")]
    public string? Order { get; set; }

    [SupplyParameterFromQuery(Name = "page")]
    public string? PageNumber { get; set; } // as written: what is no number is no fault of ours

    private IOptions<CompanyOptions> Company => company;

    private KnownAppUsers Known => known;

    /// <summary>An address from before the list shrank shows the last page there is.</summary>
    private int PageShown => Math.Clamp(int.TryParse(PageNumber, out var number) ? number : 1, 1, Math.Max(1, (Total + PageSize - 1) / PageSize));

    protected override async Task OnInitializedAsync()
    {
        var user = (await Session).User;
        _mayMap = (await authorization.AuthorizeAsync(user, Policies.Administrator)).Succeeded;
        _self = Employee.From(user).Id;
        _words = new PersonRow.Words(Text, ShellText);
        if (RendererInfo.IsInteractive)
        {
            _following = FollowAsync();
        }
    }

    protected override Task OnParametersSetAsync()
    {
        _list = PeopleList.Parse(Search, State, Seen, Order);
        return LoadAsync();
    }

    private async Task LoadAsync()
    {
        var now = clock.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync(_leaving.Token);
        var counts = await _list.Counts(db, now).ToListAsync(_leaving.Token);
        _counts = counts.ToDictionary(count => count.State, count => count.People);
        _suggested = counts.Sum(count => count.Suggested);
        Total = _list switch
        {
            { Suggested: true } => _suggested,
            { State: { } state } => _counts.GetValueOrDefault(state),
            _ => _counts.Values.Sum(),
        };
        _rows = [.. (await _list.Of(db, now).Skip((PageShown - 1) * PageSize).Take(PageSize).ToListAsync(_leaving.Token)).Select(mapping => new PersonRow(mapping, _mayMap && mapping.EmployeeId != _self, RendererInfo.IsInteractive, _words))];
        TellGroups();
        if (RendererInfo.IsInteractive && _asking.IsCompleted)
        {
            _asking = AskForGroupsAsync();
        }
    }

    /// <summary>Fills the column of groups once Box has said them, without keeping the list waiting.</summary>
    private async Task AskForGroupsAsync()
    {
        try
        {
            string[] asked = [];
            while (_rows!.Where(row => row.State == MappingState.Mapped).Select(row => row.AppUserId!).ToArray() is var shown && !shown.SequenceEqual(asked))
            {
                asked = shown;
                _groupsUnknown = false;
                await groups.LoadAsync(asked, _leaving.Token);
                await InvokeAsync(ShowGroups);
            }
        }
        catch (BoxApiException)
        {
            _groupsUnknown = true;
            await InvokeAsync(ShowGroups);
        }
        catch (OperationCanceledException)
        {
            // the page is gone
        }
    }

    private void ShowGroups()
    {
        TellGroups();
        StateHasChanged();
    }

    private void TellGroups()
    {
        foreach (var row in _rows!)
        {
            row.Tell(row is { State: MappingState.Mapped, AppUserId: { } member } ? groups.Known(member) : null, _groupsUnknown);
        }
    }

    private async Task FollowAsync()
    {
        using var subscription = changes.Subscribe(employee: null);
        try
        {
            while (await subscription.WaitAsync(Timeout.InfiniteTimeSpan, clock, _leaving.Token))
            {
                await InvokeAsync(async () =>
                {
                    await LoadAsync();
                    StateHasChanged();
                });
                // A whole company signing in is not one query for each.
                await Task.Delay(TimeSpan.FromMilliseconds(500), clock, _leaving.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // the page is gone
        }
        catch (Exception fault)
        {
            await DispatchExceptionAsync(fault);
        }
    }

    /// <summary>Opens the dialog on the person as they stand now: of a row, only what it shows is kept.</summary>
    private async Task OpenAsync(RowActEventArgs asked)
    {
        if (_mayMap && _rows!.FirstOrDefault(row => row.Id.ObjectId == asked.Row) is { } row)
        {
            (_chosen, _unmapping, _outcome) = (await directory.FindAsync(row.Id, _leaving.Token), asked.Act == PersonRow.Unmap, null);
        }
    }

    private void Close() => _chosen = null;

    private async Task DoneAsync(string words)
    {
        // The list first: the focus returns to the button in the row, if there still is one.
        await LoadAsync();
        (_chosen, _outcome) = (null, words);
    }

    private string Address(string filter, object? value) => navigation.GetUriWithQueryParameters(
        new Dictionary<string, object?> { [filter] = value?.ToString()!.ToLowerInvariant(), ["page"] = null });

    private string SortAddress(PeopleOrder order, bool backwards) => navigation.GetUriWithQueryParameters(
        new Dictionary<string, object?> { ["order"] = PeopleList.OrderWord(order, backwards), ["page"] = null });

    public async ValueTask DisposeAsync()
    {
        await _leaving.CancelAsync();
        await _following;
        await _asking;
        // Not disposed, which frees nothing: what is still under way asks for its token.
    }
}
