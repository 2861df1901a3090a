using System.Security.Claims;
using BoxPortal.Graph;
using BoxPortal.Jobs;
using BoxPortal.Shell;
using BoxPortal.SignIn;
using BoxPortal.Storage;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Quartz;

namespace BoxPortal.Sync;

/// <summary>The rules by which groups follow the directory, and what became of them. The page looks every two seconds.</summary>
public sealed partial class SyncPage(
    IDbContextFactory<PortalDb> databases,
    SyncRules rules,
    SyncRuns runs,
    GraphDirectory directory,
    ISchedulerFactory schedulers,
    IAuthorizationService authorization,
    NavigationManager navigation,
    IOptions<CompanyOptions> company,
    IOptions<SyncOptions> options,
    TimeProvider clock) : IAsyncDisposable
{
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _leaving = new();
    private Task _following = Task.CompletedTask;
    private ClaimsPrincipal _actor = new();
    private bool _mayAct;
    private bool _isLoaded;
    private IReadOnlyList<SyncRule> _rules = [];
    private IReadOnlyList<Job> _open = [];
    private DateTimeOffset? _next;
    private MarkupString? _words;
    private bool _isReading;
    private bool _isAdding;
    private Dialog? _dialog;
    private SyncRule? _rule;
    private bool _stay = true;

    private enum Dialog
    {
        Delete,
        Empty,
    }

    [CascadingParameter]
    public required Task<AuthenticationState> Session { get; set; }

    private IOptions<CompanyOptions> Company => company;

    private bool IsByGraph => directory.IsEnabled;

    private bool HasSchedule => options.Value.EveryMinutes > 0;

    /// <summary>Whether no button can be pressed just now.</summary>
    private bool IsStill => _isReading || !RendererInfo.IsInteractive;

    protected override async Task OnInitializedAsync()
    {
        _actor = (await Session).User;
        _mayAct = (await authorization.AuthorizeAsync(_actor, Policies.Administrator)).Succeeded;
        await LoadAsync();
        if (RendererInfo.IsInteractive)
        {
            _following = FollowAsync();
        }
    }

    private static bool IsFollowed(SyncRule rule) => rule.IsEnabled || rule.IsEnding;

    private async Task LoadAsync()
    {
        if (_leaving.IsCancellationRequested)
        {
            return;
        }

        await using var db = await databases.CreateDbContextAsync(_leaving.Token);
        _rules = await db.Set<SyncRule>().AsNoTracking().OrderBy(rule => rule.GroupName).ThenBy(rule => rule.SourceName).ToListAsync(_leaving.Token);
        _open = await db.Set<Job>().AsNoTracking()
            .Where(job => job.Kind == JobKind.Sync && job.EndedAt == null && job.Stage != JobStage.Draft && job.Stage != JobStage.Cancelled).OrderBy(job => job.Id).ToListAsync(_leaving.Token);
        _next = await SyncSchedule.NextAsync(schedulers, _leaving.Token);
        _isLoaded = true;
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

    /// <summary>Shows what a run would do; whoever looks at that confirms it there.</summary>
    private async Task SyncAsync()
    {
        if (_isReading)
        {
            return;
        }

        (_isReading, _words) = (true, null);
        StateHasChanged();
        var result = await runs.DryRunAsync(_actor, CancellationToken.None);
        _isReading = false;
        if (result is JobResult.Done { Job.Id: var id } && !_leaving.IsCancellationRequested) // who has left is not called back
        {
            navigation.NavigateTo($"/groups/changes/{id}");
            return;
        }

        _words = result.Said is { } said ? JobsText.Written(said).Drawn() : null;
        await LoadAsync();
    }

    private async Task EnableAsync(SyncRule rule)
    {
        _words = (await rules.EnableAsync(_actor, rule.Id, !rule.IsEnabled, CancellationToken.None)).Said is { } said ? Text.Written(said).Drawn() : null;
        await LoadAsync();
    }

    private void Open(Dialog dialog, SyncRule rule) => (_dialog, _rule, _stay, _words) = (dialog, rule, true, null);

    private Task<RuleResult> DeleteAsync() => _stay
        ? rules.DeleteAsync(_actor, _rule!.Id, CancellationToken.None)
        : rules.EndAsync(_actor, _rule!.Id, CancellationToken.None);

    private Task<RuleResult> LetEmptyAsync() => rules.LetEmptyAsync(_actor, _rule!.Id, CancellationToken.None);

    private async Task CloseAsync()
    {
        await LoadAsync();
        (_isAdding, _dialog) = (false, null);
    }

    public async ValueTask DisposeAsync()
    {
        await _leaving.CancelAsync();
        await _following;
        _leaving.Dispose();
    }
}
