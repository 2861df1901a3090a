namespace BoxPortal.Audit;

/// <summary>The record's words for people: in English, and keys of <see cref="AuditText"/> for the other languages.</summary>
public static class AuditWords
{
    /// <summary>What happened, in two or three words.</summary>
    public static string Words(this AuditKind kind) => kind switch
    {
        AuditKind.SignedIn => "Signed in",
        AuditKind.SignedOut => "Signed out",
        AuditKind.Waiting => "Began to wait",
        AuditKind.AppUserCreated => "App user created",
        AuditKind.MappingBroken => "Mapping broken",
        AuditKind.TokenMinted => "Token made",
        AuditKind.TokenRefused => "Token refused",
        AuditKind.Proved => "Mapping proved",
        AuditKind.AccessExplained => "Access looked at",
        AuditKind.GroupChanged => "Group changed",
        AuditKind.Sync => "Directory sync",
        _ => kind.ToString(),
    };
}
