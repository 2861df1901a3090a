using System.Globalization;
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
    AccessChanges changes,
    IAuthorizationService authorization,
    NavigationManager navigation,
    IOptions<CompanyOptions> company,
    TimeProvider clock) : IAsyncDisposable
{
    private const int PageSize = 25;

    private readonly CancellationTokenSource _leaving = new();
    private Task _following = Task.CompletedTask;
    private IQueryable<AppUserMapping>? _rows;
    private Dictionary<MappingState, int> _counts = [];
    private int Total { get; set; }
    private bool _mayMap;
    private AppUserMapping? _chosen;
    private bool _unmapping;
    private string? _outcome;

    [CascadingParameter]
    public required Task<AuthenticationState> Session { get; set; }

    [SupplyParameterFromQuery(Name = "q")]
    public string? Search { get; set; }

    [SupplyParameterFromQuery(Name = "state")]
    public string? State { get; set; }

    [SupplyParameterFromQuery(Name = "page")]
    public string? PageNumber { get; set; } // as written: what is no number is no fault of ours

    private IOptions<CompanyOptions> Company => company;

    private MappingState? Filter => Enum.TryParse<MappingState>(State, ignoreCase: true, out var state) && Enum.IsDefined(state) ? state : null;

    /// <summary>An address from before the list shrank shows the last page there is.</summary>
    private int PageShown => Math.Clamp(int.TryParse(PageNumber, out var number) ? number : 1, 1, Math.Max(1, (Total + PageSize - 1) / PageSize));

    protected override async Task OnInitializedAsync()
    {
        _mayMap = (await authorization.AuthorizeAsync((await Session).User, Policies.Administrator)).Succeeded;
        if (RendererInfo.IsInteractive)
        {
            _following = FollowAsync();
        }
    }

    protected override Task OnParametersSetAsync() => LoadAsync();

    private async Task LoadAsync()
    {
        await using var db = await databases.CreateDbContextAsync(_leaving.Token);
        var found = AppUserDirectory.Search(db, Search);
        _counts = await found.GroupBy(mapping => mapping.State)
            .Select(group => new { State = group.Key, Count = group.Count() })
            .ToDictionaryAsync(group => group.State, group => group.Count, _leaving.Token);
        Total = Filter is { } state ? _counts.GetValueOrDefault(state) : _counts.Values.Sum();
        var shown = Filter is null ? found : found.Where(mapping => mapping.State == Filter);
        _rows = (await shown.OrderBy(mapping => mapping.Rank).ThenBy(mapping => mapping.Name).ThenBy(mapping => mapping.Number).Skip((PageShown - 1) * PageSize).Take(PageSize).ToListAsync(_leaving.Token)).AsQueryable();
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

    private void Open(AppUserMapping mapping, bool unmap) => (_chosen, _unmapping, _outcome) = (mapping, unmap, null);

    private void Close() => _chosen = null;

    private async Task DoneAsync(string words)
    {
        // The list first: the focus returns to the button in the row, if there still is one.
        await LoadAsync();
        (_chosen, _outcome) = (null, words);
    }

    private string Address(MappingState? state) => navigation.GetUriWithQueryParameters(
        new Dictionary<string, object?> { ["state"] = state?.ToString().ToLowerInvariant(), ["page"] = null });

    private static string Number(int number) => number.ToString("N0", CultureInfo.InvariantCulture);

    public async ValueTask DisposeAsync()
    {
        await _leaving.CancelAsync();
        await _following;
        _leaving.Dispose();
    }
}
