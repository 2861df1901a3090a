namespace BoxPortal.Audit;

/// <summary>Names the words of the record's page.</summary>
internal sealed class AuditText;
