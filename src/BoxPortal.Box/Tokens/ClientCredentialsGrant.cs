using BoxPortal.Box.Configuration;

namespace BoxPortal.Box;

/// <summary>Client id and secret alone. Source: Box's guide "Client Credentials Grant".</summary>
internal sealed class ClientCredentialsGrant(BoxApp app) : IBoxGrant
{
    public IReadOnlyDictionary<string, string> FormFor(BoxSubject subject)
    {
        var (type, id) = subject.ToBox(app);
        return new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = app.ClientId,
            ["client_secret"] = app.ClientSecret,
            ["box_subject_type"] = type,
            ["box_subject_id"] = id,
        };
    }
}
