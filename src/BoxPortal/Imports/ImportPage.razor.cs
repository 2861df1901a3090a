using System.Security.Claims;
using BoxPortal.Jobs;
using BoxPortal.Shell;
using BoxPortal.SignIn;
using BoxPortal.Storage;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace BoxPortal.Imports;

/// <summary>One import, or the undoing of one, from its preview to what came of it. The page follows it by looking every second.</summary>
public sealed partial class ImportPage(
    IDbContextFactory<PortalDb> databases,
    ImportDrafts drafts,
    JobSteps steps,
    IAuthorizationService authorization,
    NavigationManager navigation,
    IOptions<CompanyOptions> company,
    TimeProvider clock) : IAsyncDisposable
{
    private const int PageSize = 50;

    /// <summary>How many names a sentence bears.</summary>
    private const int MostNamed = 20;

    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _leaving = new();
    private readonly Pace _pace = new(clock);
    private Task _following = Task.CompletedTask;
    private ClaimsPrincipal _actor = new();
    private bool _mayAct;
    private bool _isLoaded;
    private ImportFilter _filter = ImportFilter.All;
    private IReadOnlyList<ImportRow> _rows = [];
    private bool _alsoRemap;
    private Dialog? _dialog;
    private string? _objection;

    private enum Dialog
    {
        Apply,
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
    public string? PageNumber { get; set; }

    private IOptions<CompanyOptions> Company => company;

    private ImportView? View { get; set; }

    private int Total => View?.CountOf(_filter) ?? 0;

    private int PageShown => Math.Clamp(int.TryParse(PageNumber, out var number) ? number : 1, 1, Math.Max(1, (Total + PageSize - 1) / PageSize));

    private int Applied => View!.Applied(_alsoRemap);

    /// <summary>Whether no button can be pressed just now.</summary>
    private bool IsStill { get => field || !RendererInfo.IsInteractive; set; }

    protected override async Task OnInitializedAsync()
    {
        _actor = (await Session).User;
        _mayAct = (await authorization.AuthorizeAsync(_actor, Policies.Administrator)).Succeeded;
        if (RendererInfo.IsInteractive)
        {
            _following = FollowAsync();
        }
    }

    protected override Task OnParametersSetAsync()
    {
        _filter = ImportFilter.Parse(Show);
        return LoadAsync();
    }

    private async Task LoadAsync()
    {
        await using var db = await databases.CreateDbContextAsync(_leaving.Token);
        View = await ImportView.ReadAsync(db, Id, _leaving.Token);
        _isLoaded = true;
        if (View is not null)
        {
            _pace.Note(View.Progress.Ended);
            _rows = await ImportRow.ReadAsync(db, View.Job, _filter, (PageShown - 1) * PageSize, PageSize, _leaving.Token);
        }
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

    private void Open(Dialog dialog) => (_dialog, _objection) = (dialog, null);

    private async Task TakeAsync(Func<ClaimsPrincipal, long, CancellationToken, Task<JobResult>> step)
    {
        (IsStill, _objection) = (true, null);
        StateHasChanged();
        _objection = (await step(_actor, View!.Job.Id, CancellationToken.None)).Said?.In(JobsText);
        await LoadAsync();
        IsStill = false;
    }

    private Task<JobResult> ApplyAsync(string reason) =>
        drafts.ConfirmAsync(_actor, View!.Job.Id, new ImportConfirmation(reason, _alsoRemap, View.Import!.CheckedAt ?? default), CancellationToken.None);

    private Task<JobResult> CancelAsync(string reason) => steps.CancelAsync(_actor, View!.Job.Id, CancellationToken.None);

    private async Task<JobResult> UndoAsync(string reason)
    {
        var result = await steps.UndoAsync(_actor, View!.Job.Id, reason, CancellationToken.None);
        if (result is JobResult.Done { Job.Id: var undoing })
        {
            navigation.NavigateTo($"/imports/{undoing}");
        }

        return result;
    }

    private async Task CloseAsync()
    {
        await LoadAsync();
        _dialog = null;
    }

    private string Named(IReadOnlyList<string> names)
    {
        var first = string.Join(", ", names.Take(MostNamed));
        return names.Count > MostNamed ? Text["NamesAndMore", first, Languages.Number(names.Count - MostNamed)] : first;
    }

    private string Address(ImportFilter filter) => navigation.GetUriWithQueryParameters(
        new Dictionary<string, object?> { ["show"] = filter.Word, ["page"] = null });

    public async ValueTask DisposeAsync()
    {
        await _leaving.CancelAsync();
        await _following;
        // Not disposed, which frees nothing: what is still under way asks for its token.
    }
}
