using BoxPortal.Audit;
using BoxPortal.Shell;
using BoxPortal.SignIn;
using BoxPortal.Storage;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace BoxPortal.AppUsers;

/// <summary>One employee: how they stand, what can be done about it, what it leads to in Box, and all that has happened.</summary>
public sealed partial class PersonPage(
    IDbContextFactory<PortalDb> databases,
    AppUserDirectory directory,
    Timeline timeline,
    AccessChanges changes,
    IAuthorizationService authorization,
    IOptions<CompanyOptions> company,
    TimeProvider clock) : IAsyncDisposable
{
    /// <summary>How often a change is looked after that is not finished: nobody tells when it is.</summary>
    private static readonly TimeSpan s_unfinishedPause = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _leaving = new();
    private Task _following = Task.CompletedTask;
    private AccessChanges.Subscription? _followed;
    private EmployeeId? _shown;
    private int _loads;
    private int _loaded;
    private int _done; // what Box says is asked anew when something is done, which is after the mapping has changed
    private AppUserMapping? _mapping;
    private AppUserChange? _unfinished;
    private AppUserChange? _undoable;
    private TimelinePage _timeline = new([], null);
    private PersonActs? _acts;
    private bool _maySuggest;
    private bool _mayProve;
    private PersonDialog _dialog;
    private AppUserMapping? _chosen;
    private AppUserChange? _chosenChange;
    private string? _outcome;

    [CascadingParameter]
    public required Task<AuthenticationState> Session { get; set; }

    /// <summary>The employee's object ID; the tenant is that of whoever looks.</summary>
    [Parameter]
    public Guid ObjectId { get; set; }

    [SupplyParameterFromQuery(Name = "show")]
    public string? Show { get; set; }

    [SupplyParameterFromQuery(Name = "before")]
    public string? BeforeText { get; set; } // as written: what is no number is no fault of ours

    private IOptions<CompanyOptions> Company => company;

    private TimelineView View => PersonTimeline.ViewOf(Show);

    private long? Before => long.TryParse(BeforeText, out var before) ? before : null;

    private bool HasAppUser => _mapping?.State is MappingState.Mapped or MappingState.Suspended;

    protected override async Task OnParametersSetAsync()
    {
        await LoadAsync();
        if (RendererInfo.IsInteractive && _mapping is { EmployeeId: var shown } && shown != _shown)
        {
            // The way back in the browser's history may lead from one person to another.
            (_shown, _chosen, _outcome) = (shown, null, null);
            _followed?.Dispose();
            _followed = changes.Subscribe(shown);
            _following = FollowAsync(_followed);
        }
    }

    private async Task LoadAsync()
    {
        var load = ++_loads;
        var actor = (await Session).User;
        var employee = new EmployeeId(Employee.From(actor).Id.TenantId, ObjectId);
        var mapping = await directory.FindAsync(employee, _leaving.Token);
        var page = await timeline.ReadAsync(employee, View, Before, _leaving.Token);
        await using var db = await databases.CreateDbContextAsync(_leaving.Token);
        var ofPerson = db.Set<AppUserChange>().AsNoTracking().Where(change => change.TenantId == employee.TenantId && change.ObjectId == ObjectId);
        var unfinished = await ofPerson.OrderByDescending(change => change.Id).FirstOrDefaultAsync(change => change.Stage == ChangeStage.Asked && change.JobId == null, _leaving.Token);
        var last = mapping is null ? null : await ofPerson.OrderByDescending(change => change.Id)
            .FirstOrDefaultAsync(change => change.Stage == ChangeStage.Done && change.VersionAfter == mapping.Version, _leaving.Token);
        var mayChange = (await authorization.AuthorizeAsync(actor, Policies.Administrator)).Succeeded;
        var maySuggest = (await authorization.AuthorizeAsync(actor, Policies.SuggestMatches)).Succeeded;
        var mayProve = (await authorization.AuthorizeAsync(actor, Policies.ProveMapping)).Succeeded;
        if (load != _loads)
        {
            return; // a newer look is under way
        }

        if (unfinished is null && _unfinished is not null)
        {
            _done++;
        }

        (_loaded, _mapping, _timeline, _unfinished) = (load, mapping, page, unfinished);
        var isSelf = Employee.From(actor).Id == employee;
        // Suspending and reactivating undo each other, by their own names; and nobody takes away their own files.
        _undoable = mayChange && last?.Act is not (null or AppUserAct.Suspend or AppUserAct.Reactivate) && !(isSelf && last.FormerState != MappingState.Mapped) ? last : null;
        _acts = mayChange && mapping is not null ? PersonActs.Of(mapping, isSelf) : null;
        (_maySuggest, _mayProve) = (maySuggest && !mayChange, mayProve); // who may map need not suggest
    }

    private async Task FollowAsync(AccessChanges.Subscription subscription)
    {
        try
        {
            while (subscription == _followed)
            {
                await subscription.WaitAsync(_unfinished is null ? Timeout.InfiniteTimeSpan : s_unfinishedPause, clock, _leaving.Token);
                await InvokeAsync(async () =>
                {
                    await LoadAsync();
                    StateHasChanged();
                });
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

    /// <summary>With the person as they stand on the screen: a change after that is told, not overrun.</summary>
    private void Open(PersonDialog dialog) => (_dialog, _chosen, _chosenChange, _outcome) = (dialog, _mapping, _undoable, null);

    private async Task CloseAsync()
    {
        await LoadAsync(); // what was done in part has come to its end since
        _chosen = null;
    }

    private async Task DoneAsync(string words)
    {
        // The page first: the focus returns to the button it came from, if there still is one.
        await LoadAsync();
        (_chosen, _outcome) = (null, words);
        _done++;
    }

    /// <summary>Somebody made the app user inactive in Box, which the portal did not know: once it does, it offers to reactivate them.</summary>
    private Task NoteInactiveAsync() => _mapping is { State: MappingState.Mapped, AppUserId: { } appUserId } mapping
        ? directory.DiagnoseAsync(mapping.EmployeeId, appUserId, refusal: null, _leaving.Token) // tells this page, among others
        : Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _leaving.CancelAsync();
        _followed?.Dispose();
        await _following;
        // Not disposed, which frees nothing: what is still under way asks for its token.
    }
}
