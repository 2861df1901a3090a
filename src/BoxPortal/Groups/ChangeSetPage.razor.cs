using System.Security.Claims;
using BoxPortal.AppUsers;
using BoxPortal.Box;
using BoxPortal.Jobs;
using BoxPortal.Shell;
using BoxPortal.SignIn;
using BoxPortal.Storage;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace BoxPortal.Groups;

/// <summary>
/// One change set: what it means before it is confirmed, how far it has come, what came of it and whether that is what was foretold.
/// The page follows it by looking every second.
/// </summary>
public sealed partial class ChangeSetPage(
    IDbContextFactory<PortalDb> databases,
    ChangeSets sets,
    Rehearsals rehearsals,
    GroupRights rights,
    GroupList list,
    IDirectoryRules directoryRules,
    NavigationManager navigation,
    IOptions<CompanyOptions> company,
    TimeProvider clock) : IAsyncDisposable
{
    private const int PageSize = 50;
    private const int MostSentences = 12;
    private const int MostLeftOut = 200;

    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _leaving = new();
    private readonly Pace _pace = new(clock);
    private Task _following = Task.CompletedTask;
    private ClaimsPrincipal _actor = new();
    private long? _shown;
    private bool _isLoaded;
    private bool _mayAct;
    private bool _mayApprove;

    /// <summary>What an administrator was told of consequences names groups that an owner may not know of.</summary>
    private bool _mayKnowMeaning;
    private bool _isUndoJudged;
    private JobStage? _undoJudgedAt;
    private ChangeStage? _stage;
    private IReadOnlyList<ChangeRow> _rows = [];
    private JobStage? _readAt;
    private bool _isReading;
    private Foretelling? _foretold;
    private Sentence? _readingFailure;
    private Sentence? _undoObjection;
    private string? _objection;

    /// <summary>What it asks about can be gone, or be somebody else's, while it is open.</summary>
    private Dialog? OpenDialog
    {
        get => View is null || (_foretold is null && field is (Dialog.Confirm or Dialog.Approve)) ? null : field;
        set;
    }

    private enum Dialog
    {
        Confirm,
        Approve,
        Cancel,
        Undo,
    }

    [CascadingParameter]
    public required Task<AuthenticationState> Session { get; set; }

    [Parameter]
    public required long Id { get; set; }

    [SupplyParameterFromQuery(Name = "show")]
    public string? Show { get; set; }

    [SupplyParameterFromQuery(Name = "page")]
    public string? PageNumber { get; set; } // as written: what is no number is no fault of ours

    private IOptions<CompanyOptions> Company => company;

    private TimeProvider Clock => clock;

    private ChangeSetView? View { get; set; }

    /// <summary>Why whoever looks cannot undo it, or could not once it is done: asked once for each stage, <c>null</c> where they can.</summary>
    private MarkupString? CannotUndo => _undoObjection is null ? null
        : View!.Job.EndedAt is null ? Text.Markup("Undo.NotLater", Text.Written(_undoObjection))
        : Text.Markup("Undo.NotYou", Text.Written(_undoObjection));

    /// <summary>Whether, as Box stands, there is nothing to confirm.</summary>
    private bool IsVain => _foretold is { Obstacles.Count: > 0 };

    private int Total => _stage is { } stage ? View?.CountOf(stage) ?? 0 : View?.Job.Total ?? 0;

    private int PageShown => Math.Clamp(int.TryParse(PageNumber, out var number) ? number : 1, 1, Math.Max(1, (Total + PageSize - 1) / PageSize));

    /// <summary>Whether no button can be pressed just now.</summary>
    private bool IsStill { get => field || !RendererInfo.IsInteractive; set; }

    protected override async Task OnInitializedAsync()
    {
        _actor = (await Session).User;
        if (RendererInfo.IsInteractive)
        {
            _following = FollowAsync();
        }
    }

    protected override async Task OnParametersSetAsync()
    {
        if (_shown != Id)
        {
            (_shown, _foretold, _readAt, _readingFailure, _objection, _undoJudgedAt, _undoObjection) = (Id, null, null, null, null, null, null);
        }

        _stage = Enum.TryParse<ChangeStage>(Show, ignoreCase: true, out var stage) && Enum.IsDefined(stage) ? stage : null;
        await LoadAsync();
    }

    private async Task LoadAsync()
    {
        var view = await rights.MaySeeAsync(_actor, Id, _leaving.Token) ? await ReadAsync() : null;
        if (View is { Job.EndedAt: null } && view is { Job.EndedAt: not null })
        {
            list.Forget(); // groups may have been made, renamed, deleted
        }

        (_isLoaded, View) = (true, view);
        if (view is null)
        {
            return;
        }

        var sight = await rights.SightAsync(_actor, _leaving.Token);
        _mayAct = sight.IsAdministrator || (view.Set.IsByOwner && sight.Owned.Count > 0 && view.Job.Actor == Employee.TryFrom(_actor)?.Id);
        _mayKnowMeaning = sight.SeesAll || view.Set.IsByOwner;
        _mayApprove = sight.IsAdministrator && view.Job.Actor != Employee.TryFrom(_actor)?.Id;
        _pace.Note(view.Progress.Ended);
        if (RendererInfo.IsInteractive && _mayKnowMeaning && !_isReading && _readAt != view.Job.Stage && view.IsToForetell)
        {
            await ReadBoxAsync();
        }

        if (RendererInfo.IsInteractive && _mayAct && _undoJudgedAt != view.Job.Stage && (view.Job.Stage == JobStage.Draft || view.IsUndoable(clock.GetUtcNow())))
        {
            (_undoJudgedAt, _undoObjection, _isUndoJudged) = (view.Job.Stage, null, sight.IsAdministrator);
            if (!sight.IsAdministrator)
            {
                _ = InvokeAsync(JudgeUndoAsync);
            }
        }
    }

    /// <summary>An owner is offered to undo only what they may, and told before which they may not.</summary>
    private async Task JudgeUndoAsync()
    {
        var id = Id;
        Sentence? objection;
        try
        {
            objection = await sets.UndoObjectionAsync(Employee.From(_actor).Id, id, _leaving.Token) is { } words ? (Sentence)words : null;
        }
        catch (BoxApiException refusal)
        {
            objection = GroupWords.OfRefusal(refusal).ToString();
        }
        catch (OperationCanceledException)
        {
            return; // the page is gone
        }

        if (id == Id)
        {
            (_undoObjection, _isUndoJudged) = (objection, true);
            StateHasChanged();
        }
    }

    private async Task<ChangeSetView?> ReadAsync()
    {
        await using var db = await databases.CreateDbContextAsync(_leaving.Token);
        var view = await ChangeSetView.ReadAsync(db, Id, _leaving.Token);
        if (view is not null)
        {
            _rows = await ChangeRow.ReadAsync(db, directoryRules, view.Job, _stage, (PageShown - 1) * PageSize, PageSize, _leaving.Token);
        }

        return view;
    }

    /// <summary>Starts to ask Box what the change set means; the page does not wait for it.</summary>
    private Task ReadBoxAsync()
    {
        (_isReading, _readAt, _readingFailure) = (true, View!.Job.Stage, null);
        _ = InvokeAsync(async () =>
        {
            var id = Id;
            try
            {
                var foretold = await rehearsals.ForetellAsync(id, _leaving.Token);
                _foretold = id == Id ? foretold : null;
            }
            catch (BoxApiException refusal)
            {
                _readingFailure = GroupWords.OfRefusal(refusal).ToString();
            }
            catch (OperationCanceledException)
            {
                return; // the page is gone
            }

            _isReading = false;
            StateHasChanged();
        });
        return Task.CompletedTask;
    }

    private async Task FollowAsync()
    {
        using var looks = new PeriodicTimer(s_look, clock);
        try
        {
            while (await looks.WaitForNextTickAsync(_leaving.Token))
            {
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

    private void Open(Dialog dialog) => (OpenDialog, _objection) = (dialog, null);

    private async Task TakeAsync(JobStep step)
    {
        (IsStill, _objection) = (true, null);
        StateHasChanged();
        _objection = (await sets.TakeAsync(_actor, Id, step, CancellationToken.None)).Said?.In(JobsText);
        await LoadAsync();
        IsStill = false;
    }

    private Task<JobResult> ConfirmAsync(string reason) => AskingBoxAsync(() => _foretold is null
        ? Task.FromResult<JobResult>(new JobResult.NotNow("What it means is not known yet."))
        : sets.ConfirmAsync(_actor, Id, string.Join('\n', _foretold.Summary), CancellationToken.None));

    private Task<JobResult> ApproveAsync(string reason) => AskingBoxAsync(() => sets.ApproveAsync(_actor, Id, CancellationToken.None));

    private Task<JobResult> CancelAsync(string reason) => sets.TakeAsync(_actor, Id, JobStep.Cancel, CancellationToken.None);

    private async Task<JobResult> UndoAsync(string reason)
    {
        var result = await AskingBoxAsync(() => sets.UndoAsync(_actor, Id, reason, CancellationToken.None));
        if (result is JobResult.Done { Job.Id: var undoing })
        {
            navigation.NavigateTo($"/groups/changes/{undoing}");
        }

        return result;
    }

    private static async Task<JobResult> AskingBoxAsync(Func<Task<JobResult>> step)
    {
        try
        {
            return await step();
        }
        catch (BoxApiException refusal)
        {
            return new JobResult.NotNow(GroupWords.OfRefusal(refusal));
        }
    }

    private async Task CloseAsync()
    {
        await LoadAsync();
        OpenDialog = null;
    }

    /// <summary>The portal's own reason in the reader's language; a person's in their own words.</summary>
    private string Reason => View!.Job.Kind == JobKind.Sync ? Text[View.Job.Reason] : View.Job.Reason;

    private string Address(ChangeStage? stage) => navigation.GetUriWithQueryParameters(
        new Dictionary<string, object?> { ["show"] = stage?.ToString().ToLowerInvariant(), ["page"] = null });

    public async ValueTask DisposeAsync()
    {
        await _leaving.CancelAsync();
        await _following;
        _leaving.Dispose();
    }
}
