using BoxPortal.AppUsers;
using BoxPortal.Shell;
using BoxPortal.SignIn;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Extensions.Options;

namespace BoxPortal.Access;

/// <summary>Why one person sees one folder, or who sees it at all; both stand in the address.</summary>
public sealed partial class AccessPage(AppUserDirectory directory, AccessExplainer explainer, IOptions<CompanyOptions> company) : IDisposable
{
    private readonly CancellationTokenSource _leaving = new();
    private (Guid? Person, string? Folder) _asked;
    private AppUserMapping? _mapping;
    private AccessResult? _result;
    private bool _asking;

    [CascadingParameter]
    public required Task<AuthenticationState> Session { get; set; }

    [SupplyParameterFromQuery(Name = "person")]
    public string? PersonText { get; set; } // as written: what is no ID is no fault of ours

    [SupplyParameterFromQuery(Name = "folder")]
    public string? FolderText { get; set; }

    [SupplyParameterFromQuery(Name = "who")]
    public string? Who { get; set; }

    [SupplyParameterFromQuery(Name = "in")]
    public string? In { get; set; }

    [SupplyParameterFromQuery(Name = "page")]
    public string? PageNumber { get; set; }

    private IOptions<CompanyOptions> Company => company;

    private Guid? Person => Guid.TryParse(PersonText, out var id) ? id : null;

    private string? FolderId => FolderText?.Trim() is { Length: > 0 and <= 32 } id && id != "0" ? id : null;

    protected override async Task OnParametersSetAsync()
    {
        var actor = (await Session).User;
        if (_mapping?.ObjectId != Person)
        {
            _mapping = Person is { } objectId ? await directory.FindAsync(new EmployeeId(Employee.From(actor).Id.TenantId, objectId), _leaving.Token) : null;
        }

        // Asked once there is a circuit: drawn before it, the same look would be recorded twice.
        if (!RendererInfo.IsInteractive || _asked == (Person, FolderId))
        {
            return;
        }

        var asked = _asked = (Person, FolderId);
        _result = null;
        if (FolderId is not { } folderId)
        {
            return;
        }

        _asking = true;
        StateHasChanged();
        try
        {
            var result = Person is { } objectId
                ? await explainer.ExplainAsync(actor, new EmployeeId(Employee.From(actor).Id.TenantId, objectId), folderId, _leaving.Token)
                : await explainer.ListAsync(actor, folderId, _leaving.Token);
            if (asked == _asked)
            {
                (_result, _asking) = (result, false);
            }
        }
        catch (OperationCanceledException)
        {
            // the page is gone
        }
    }

    public void Dispose()
    {
        _leaving.Cancel();
        _leaving.Dispose();
    }
}
