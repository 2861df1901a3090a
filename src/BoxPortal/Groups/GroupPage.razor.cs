using System.Net;
using BoxPortal.AppUsers;
using BoxPortal.Box;
using BoxPortal.Shell;
using BoxPortal.SignIn;
using BoxPortal.Storage;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace BoxPortal.Groups;

/// <summary>One group: who is in it, what it brings, who owns it, and what was done to it. An owner's page ends with their ownership.</summary>
public sealed partial class GroupPage(
    IDbContextFactory<PortalDb> databases,
    BoxGroups groups,
    GroupRights rights,
    AccessChanges changes,
    IOptions<CompanyOptions> company,
    TimeProvider clock) : IAsyncDisposable
{
    private static readonly (string? Tab, string Word)[] s_tabs = [(null, "Members"), ("folders", "Folders"), ("owners", "Owners"), ("changes", "Changes")];

    private readonly CancellationTokenSource _leaving = new();
    private Task _following = Task.CompletedTask;
    private GroupSight _sight = new(SeesAll: false, IsAdministrator: false, []);
    private string? _shown;
    private bool _isLoaded;
    private BoxGroup? _group;
    private IReadOnlyList<string> _owners = [];
    private bool _isProtected;
    private Sentence? _failure;
    private Dialog? _dialog;
    private string _name = "";
    private string _description = "";

    private enum Dialog
    {
        Describe,
        Delete,
    }

    [CascadingParameter]
    public required Task<AuthenticationState> Session { get; set; }

    /// <summary>Box's ID of the group.</summary>
    [Parameter]
    public required string Id { get; set; }

    [SupplyParameterFromQuery(Name = "tab")]
    public string? Tab { get; set; }

    [SupplyParameterFromQuery(Name = "q")]
    public string? Search { get; set; }

    [SupplyParameterFromQuery(Name = "page")]
    public string? PageNumber { get; set; } // as written: what is no number is no fault of ours

    private IOptions<CompanyOptions> Company => company;

    protected override async Task OnInitializedAsync()
    {
        if (RendererInfo.IsInteractive)
        {
            _following = FollowAsync(changes.Subscribe(Employee.From((await Session).User).Id));
        }
    }

    protected override async Task OnParametersSetAsync()
    {
        if (_shown != Id)
        {
            (_shown, _dialog) = (Id, null);
            await LoadAsync();
        }
    }

    private async Task LoadAsync()
    {
        try
        {
            _sight = await rights.SightAsync((await Session).User, _leaving.Token);
            if (!_sight.Sees(Id))
            {
                (_isLoaded, _group, _failure) = (true, null, null);
                return;
            }

            var group = await groups.GetAsync(Id, _leaving.Token);
            await using var db = await databases.CreateDbContextAsync(_leaving.Token);
            _isProtected = await db.Set<Protection>().AnyAsync(protection => protection.IsGroup && protection.BoxId == Id, _leaving.Token);
            _owners = await db.Set<GroupOwner>().Where(owner => owner.GroupId == Id)
                .Join(db.Set<AppUserMapping>(), owner => new { owner.TenantId, owner.ObjectId }, mapping => new { mapping.TenantId, mapping.ObjectId }, (_, mapping) => mapping.Name)
                .Order().ToListAsync(_leaving.Token);
            (_isLoaded, _group, _failure) = (true, group, null);
        }
        catch (BoxApiException refusal)
        {
            (_isLoaded, _group) = (true, null);
            // A number that Box cannot read names no group either.
            _failure = refusal.Status is HttpStatusCode.NotFound or HttpStatusCode.BadRequest ? null : GroupWords.OfRefusal(refusal);
        }
        catch (OperationCanceledException)
        {
            // the page is gone
        }
    }

    private async Task FollowAsync(AccessChanges.Subscription own)
    {
        using (own)
        {
            try
            {
                while (await own.WaitAsync(Timeout.InfiniteTimeSpan, clock, _leaving.Token))
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
    }

    private void Describe() => (_dialog, _name, _description) = (Dialog.Describe, _group!.Name, _group.Description ?? "");

    private IReadOnlyList<GroupEdit> Describing() =>
    [
        new GroupEdit(
            GroupAct.DescribeGroup,
            _group!.Id,
            Name: _name.Trim() == _group.Name ? null : _name.Trim(),
            Description: _description.Trim() == (_group.Description ?? "") ? null : _description.Trim()),
    ];

    private string Address(string? tab) => tab is null ? $"/groups/{Id}" : $"/groups/{Id}?tab={tab}";

    public async ValueTask DisposeAsync()
    {
        await _leaving.CancelAsync();
        await _following;
        _leaving.Dispose();
    }
}
