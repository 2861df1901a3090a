using BoxPortal.AppUsers;
using BoxPortal.Box;
using BoxPortal.Shell;
using BoxPortal.Storage;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace BoxPortal.Groups;

/// <summary>All groups, or an owner's own. The list is the portal's; the circuit holds the page that is shown.</summary>
public sealed partial class GroupsPage(
    IDbContextFactory<PortalDb> databases, GroupList list, GroupSizes sizes, GroupRights rights, IOptions<CompanyOptions> company) : IDisposable
{
    private const int PageSize = 25;

    private readonly CancellationTokenSource _leaving = new();
    private GroupSight _sight = new(SeesAll: false, IsAdministrator: false, []);
    private IQueryable<Row>? _rows;
    private IReadOnlyDictionary<string, int>? _sizes; // null until they have come
    private DateTimeOffset? _readAt;
    private bool _isReading;
    private Sentence? _failure;
    private bool _isMaking;
    private string _name = "";
    private string _description = "";

    [CascadingParameter]
    public required Task<AuthenticationState> Session { get; set; }

    [SupplyParameterFromQuery(Name = "q")]
    public string? Search { get; set; }

    [SupplyParameterFromQuery(Name = "page")]
    public string? PageNumber { get; set; } // as written: what is no number is no fault of ours

    private IOptions<CompanyOptions> Company => company;

    private int Total { get; set; }

    private string Title => Text[_sight.SeesAll ? "Groups" : "MyGroups"];

    private int PageShown => Math.Clamp(int.TryParse(PageNumber, out var number) ? number : 1, 1, Math.Max(1, (Total + PageSize - 1) / PageSize));

    protected override Task OnParametersSetAsync() => LoadAsync(GroupList.Life);

    private async Task LoadAsync(TimeSpan maximumAge)
    {
        (_isReading, _failure, _sizes) = (true, null, null);
        try
        {
            _sight = await rights.SightAsync((await Session).User, _leaving.Token);
            var listing = await list.ReadAsync(maximumAge, _leaving.Token);
            var found = listing.Of(_sight, Search).ToList();
            (Total, _readAt) = (found.Count, listing.ReadAt);
            var shown = found.Skip((PageShown - 1) * PageSize).Take(PageSize).ToList();
            var ids = shown.Select(group => group.Id).ToArray();
            await using var db = await databases.CreateDbContextAsync(_leaving.Token);
            var owners = (await db.Set<GroupOwner>().Where(owner => ids.Contains(owner.GroupId))
                .Join(db.Set<AppUserMapping>(), owner => new { owner.TenantId, owner.ObjectId }, mapping => new { mapping.TenantId, mapping.ObjectId },
                    (owner, mapping) => new { owner.GroupId, mapping.Name })
                .OrderBy(owner => owner.Name).ToListAsync(_leaving.Token)).ToLookup(owner => owner.GroupId, owner => owner.Name);
            var protectedGroups = (await db.Set<Protection>().Where(protection => protection.IsGroup && ids.Contains(protection.BoxId)).Select(protection => protection.BoxId)
                .ToListAsync(_leaving.Token)).ToHashSet();
            _rows = shown.Select(group => new Row(group, [.. owners[group.Id]], protectedGroups.Contains(group.Id))).ToList().AsQueryable();
        }
        catch (BoxApiException refusal)
        {
            _failure = GroupWords.OfRefusal(refusal);
        }
        catch (OperationCanceledException)
        {
            // the page is gone
        }

        _isReading = false;
        await CountAsync();
    }

    /// <summary>After the list is drawn, and only while somebody looks at it: a call for each group that is shown.</summary>
    private async Task CountAsync()
    {
        if (!RendererInfo.IsInteractive || _rows is not { } rows)
        {
            return;
        }

        StateHasChanged();
        IReadOnlyDictionary<string, int> counted = new Dictionary<string, int>();
        try
        {
            counted = await sizes.ReadAsync([.. rows.Select(row => row.Group.Id)], _leaving.Token);
        }
        catch (BoxApiException)
        {
            // the list itself says where Box does not answer; without numbers it is a list still
        }
        catch (OperationCanceledException)
        {
            // the page is gone
        }

        if (_rows == rows)
        {
            _sizes = counted;
        }
    }

    private IReadOnlyList<GroupEdit> Make() =>
        [new GroupEdit(GroupAct.CreateGroup, "", Name: _name.Trim(), Description: _description.Trim() is { Length: > 0 } description ? description : null)];

    public void Dispose()
    {
        _leaving.Cancel();
        _leaving.Dispose();
    }

    private sealed record Row(BoxGroup Group, IReadOnlyList<string> Owners, bool IsProtected);
}
