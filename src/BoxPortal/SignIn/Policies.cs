using Microsoft.AspNetCore.Authorization;

namespace BoxPortal.SignIn;

/// <summary>Who may do what, by the directory's app roles. Each is judged by the roles that the session has at that moment.</summary>
public static class Policies
{
    /// <summary>May change mappings and groups.</summary>
    public const string Administrator = nameof(Administrator);

    /// <summary>May see who is who: administrators, help desk and auditors.</summary>
    public const string ReadPeople = nameof(ReadPeople);

    /// <summary>May read the audit record: administrators and auditors.</summary>
    public const string ReadRecord = nameof(ReadRecord);

    /// <summary>May name the app user that they believe to be an employee's: administrators and help desk.</summary>
    public const string SuggestMatches = nameof(SuggestMatches);

    /// <summary>May look at what an employee's app user sees: administrators, help desk and auditors.</summary>
    public const string ProveMapping = nameof(ProveMapping);

    /// <summary>May look at groups: whoever may see who is who, and owners of groups, who see only their own.</summary>
    public const string ReadGroups = nameof(ReadGroups);

    /// <summary>May use the portal at all: everybody whose session lasts.</summary>
    public const string SignedIn = nameof(SignedIn);

    /// <summary>Values of the <c>roles</c> claim, as the app registration defines them.</summary>
    public static class Roles
    {
        /// <summary>Everything.</summary>
        public const string Administrator = nameof(Administrator);

        /// <summary>Sees people, suggests app users and proves mappings; changes nothing.</summary>
        public const string HelpDesk = nameof(HelpDesk);

        /// <summary>Sees people and the record, and proves mappings; changes nothing.</summary>
        public const string Auditor = nameof(Auditor);
    }

    internal static void Add(AuthorizationBuilder builder)
    {
        var signedIn = Of();
        builder
            .SetDefaultPolicy(signedIn)
            .SetFallbackPolicy(signedIn)
            .AddPolicy(SignedIn, signedIn)
            .AddPolicy(Administrator, Of(Roles.Administrator))
            .AddPolicy(ReadPeople, Of(Roles.Administrator, Roles.HelpDesk, Roles.Auditor))
            .AddPolicy(ReadRecord, Of(Roles.Administrator, Roles.Auditor))
            .AddPolicy(SuggestMatches, Of(Roles.Administrator, Roles.HelpDesk))
            .AddPolicy(ProveMapping, Of(Roles.Administrator, Roles.HelpDesk, Roles.Auditor));
    }

    private static AuthorizationPolicy Of(params string[] roles) => new([new SessionRequirement(roles)], []);
}
