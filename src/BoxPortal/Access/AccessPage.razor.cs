using BoxPortal.AppUsers;
using BoxPortal.Groups;
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
    private (Guid? Person, string? Folder, string? Page) _asked;
    private AppUserMapping? _mapping;
    private AccessResult? _result;
    private AudiencePage? _audience; // instead of a result that has everybody
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

    /// <summary>Which folder the answer is about; <c>null</c> while there is none.</summary>
    private AccessFolder? Answered => _result switch
    {
        AccessResult.Explained { Explanation.Folder: var folder } => folder,
        _ => _audience?.Folder,
    };

    /// <summary>The folder that the address names well beside a person whom it does not: it stays chosen.</summary>
    private AccessFolder? Unanswered => Fault is not null && Question is { Folder: { } id } ? new AccessFolder(id, Text["Folder.ById", id], ParentId: null) : null;

    private Sentence? Fault => AccessQuestion.FaultOf(PersonText, FolderText);

    private AccessQuestion Question => AccessQuestion.Parse(PersonText, FolderText, Who, In);

    protected override async Task OnParametersSetAsync()
    {
        var actor = (await Session).User;
        var (person, folder) = (Question.Person, Fault is null ? Question.Folder : null); // about whom or what is not known, so nothing is asked
        if (_mapping?.ObjectId != person)
        {
            _mapping = person is { } objectId ? await directory.FindAsync(new EmployeeId(Employee.From(actor).Id.TenantId, objectId), _leaving.Token) : null;
        }

        // Asked once there is a circuit: drawn before it, the same look would be recorded twice.
        var asked = (person, folder, person is null ? PageNumber : null);
        if (!RendererInfo.IsInteractive || _asked == asked)
        {
            return;
        }

        var leafed = (_asked.Person, _asked.Folder) == (person, folder) ? _audience : null; // stays until the other page is there
        (_asked, _result, _audience, _asking) = (asked, null, leafed, folder is not null && leafed is null);
        if (folder is null)
        {
            return;
        }

        StateHasChanged();
        try
        {
            var result = person is { } objectId
                ? await explainer.ExplainAsync(actor, new EmployeeId(Employee.From(actor).Id.TenantId, objectId), folder, _leaving.Token)
                : await explainer.ListAsync(actor, folder, leafed?.At, _leaving.Token);
            if (asked == _asked)
            {
                _audience = (result as AccessResult.Listed)?.Audience.Page(int.TryParse(PageNumber, out var number) ? number : 1);
                (_result, _asking) = (_audience is null ? result : null, false);
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
