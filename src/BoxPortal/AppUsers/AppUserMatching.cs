using BoxPortal.Box;
using BoxPortal.SignIn;
using BoxPortal.Storage;
using Microsoft.EntityFrameworkCore;

namespace BoxPortal.AppUsers;

/// <summary>
/// Says which app user looks like an employee's, how alike they are and in what. A suggestion is never applied by itself: mail
/// addresses are renamed and reused, and names are shared.
/// </summary>
public sealed class AppUserMatching(IDbContextFactory<PortalDb> databases)
{
    private const int ChunkSize = 500;

    /// <summary>From this score on two things agree that nobody gives to two people.</summary>
    public const int Sure = 90;

    /// <summary>Looks for suggestions for everybody who has no app user.</summary>
    public async Task MatchAllAsync(CancellationToken cancellationToken)
    {
        for (var after = 0L; ;)
        {
            await using var db = await databases.CreateDbContextAsync(cancellationToken);
            var chunk = await Unmapped(db).AsNoTracking().Where(mapping => mapping.Number > after).OrderBy(mapping => mapping.Number).Take(ChunkSize).ToListAsync(cancellationToken);
            if (chunk.Count == 0)
            {
                return;
            }

            await MatchAsync(db, chunk, cancellationToken);
            after = chunk[^1].Number;
        }
    }

    /// <summary>Looks for a suggestion for one employee. Makes no call to Box.</summary>
    public async Task MatchAsync(EmployeeId employee, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var mapping = await Unmapped(db).AsNoTracking().Where(mapping => mapping.TenantId == employee.TenantId && mapping.ObjectId == employee.ObjectId).ToListAsync(cancellationToken);
        await MatchAsync(db, mapping, cancellationToken);
    }

    /// <summary>The mail address of an app user, from wherever it may stand; <c>null</c> where there is none. Its login is one that Box made up.</summary>
    internal static string? MailOf(BoxUser user) =>
        user.NotificationEmail?.Email
            ?? (user.ExternalAppUserId is { } id && id.Contains('@', StringComparison.Ordinal) && EmployeeId.FromExternalAppUserId(id) is null ? id.Trim() : null);

    /// <summary>The best of <paramref name="candidates"/>, where one is better than all others.</summary>
    /// <param name="mapping">The employee.</param>
    /// <param name="candidates">App users that may be theirs.</param>
    /// <param name="namesakes">How many employees bear the employee's name.</param>
    internal static AppUserSuggestion? Best(AppUserMapping mapping, IEnumerable<KnownAppUser> candidates, int namesakes)
    {
        var ranked = candidates.Select(candidate => Score(mapping, candidate, namesakes)).OfType<AppUserSuggestion>()
            .OrderByDescending(suggestion => suggestion.Score).Take(2).ToList();
        return ranked.Count == 1 || (ranked.Count > 1 && ranked[0].Score > ranked[1].Score) ? ranked[0] : null;
    }

    private static AppUserSuggestion? Score(AppUserMapping mapping, KnownAppUser user, int namesakes)
    {
        var sameName = Same(mapping.Name, user.Name);
        var sameMail = user.Mail is not null && (Same(mapping.UserName, user.Mail) || Same(mapping.Mail, user.Mail));
        var sameExternalId = Same(user.ExternalId, mapping.ObjectId.ToString("D")) || user.ExternalId == mapping.EmployeeId.ExternalAppUserId;
        return (sameExternalId, sameMail, sameName) switch
        {
            (true, _, _) => new(user.Id, 100, "external id equal"),
            (_, true, true) => new(user.Id, Sure, "e-mail and name equal"),
            (_, true, _) => new(user.Id, 60, "e-mail equal only: needs a click"),
            (_, _, true) when namesakes > 1 => new(user.Id, 20, $"name equal only, and {namesakes} people bear it: needs a click"),
            (_, _, true) => new(user.Id, 40, "name equal only: needs a click"),
            _ => null,
        };
    }

    /// <summary>Letter for letter, but for the case: a prefix, a look-alike letter and another domain are other people.</summary>
    private static bool Same(string? one, string? other) =>
        !string.IsNullOrWhiteSpace(one) && string.Equals(one.Trim(), other?.Trim(), StringComparison.OrdinalIgnoreCase);

    private static IQueryable<AppUserMapping> Unmapped(PortalDb db) =>
        db.Set<AppUserMapping>().Where(mapping => mapping.State == MappingState.Waiting || mapping.State == MappingState.Unmapped);

    private static async Task MatchAsync(PortalDb db, List<AppUserMapping> mappings, CancellationToken cancellationToken)
    {
        var names = mappings.Select(mapping => mapping.Name).Where(name => name.Length > 0).ToArray();
        var mails = mappings.SelectMany(mapping => new[] { mapping.UserName, mapping.Mail }).OfType<string>().Where(mail => mail.Length > 0).ToArray();
        var externalIds = mappings.SelectMany(mapping => new[] { mapping.ObjectId.ToString("D"), mapping.EmployeeId.ExternalAppUserId }).ToArray();
        // By index, one query each: a single one with "or" would read the whole table.
        var free = db.Set<KnownAppUser>().AsNoTracking().Where(user => user.IsActive && !db.Set<AppUserMapping>().Any(other => other.AppUserId == user.Id));
        var candidates = (await free.Where(user => names.Contains(user.Name)).ToListAsync(cancellationToken))
            .Concat(await free.Where(user => mails.Contains(user.Mail)).ToListAsync(cancellationToken))
            .Concat(await free.Where(user => externalIds.Contains(user.ExternalId)).ToListAsync(cancellationToken))
            .DistinctBy(user => user.Id).ToList();
        var namesakes = await db.Set<AppUserMapping>().Where(mapping => names.Contains(mapping.Name)).GroupBy(mapping => mapping.Name)
            .Select(group => new { Name = group.Key, Count = group.Count() }).ToDictionaryAsync(group => group.Name, group => group.Count, StringComparer.OrdinalIgnoreCase, cancellationToken);
        var byName = candidates.ToLookup(user => user.Name.Trim(), StringComparer.OrdinalIgnoreCase);
        var byMail = candidates.Where(user => user.Mail is not null).ToLookup(user => user.Mail!.Trim(), StringComparer.OrdinalIgnoreCase);
        var byExternalId = candidates.Where(user => user.ExternalId is not null).ToLookup(user => user.ExternalId!, StringComparer.OrdinalIgnoreCase);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        foreach (var mapping in mappings)
        {
            var near = byName[mapping.Name.Trim()].Concat(byMail[mapping.UserName.Trim()]).Concat(byMail[mapping.Mail?.Trim() ?? ""])
                .Concat(byExternalId[mapping.ObjectId.ToString("D")]).Concat(byExternalId[mapping.EmployeeId.ExternalAppUserId]);
            var best = Best(mapping, near.DistinctBy(user => user.Id), namesakes.GetValueOrDefault(mapping.Name));
            // What somebody at the help desk named stays until something surer comes.
            var keeps = mapping.SuggestionScore == AppUserSuggestion.ByHand && (best?.Score ?? 0) < AppUserSuggestion.ByHand;
            if (!keeps && (mapping.SuggestedAppUserId, mapping.SuggestionReason) != (best?.AppUserId, best?.Reason))
            {
                await Unmapped(db).Where(row => row.Number == mapping.Number).ExecuteUpdateAsync(set => set
                    .SetProperty(row => row.SuggestedAppUserId, best?.AppUserId)
                    .SetProperty(row => row.SuggestionScore, best?.Score)
                    .SetProperty(row => row.SuggestionReason, best?.Reason), cancellationToken);
            }
        }

        await transaction.CommitAsync(cancellationToken);
    }
}

/// <summary>An app user that looks like an employee's.</summary>
/// <param name="AppUserId">Which.</param>
/// <param name="Score">How alike, 1 to 100.</param>
/// <param name="Reason">In what, in words.</param>
internal sealed record AppUserSuggestion(string AppUserId, int Score, string Reason)
{
    /// <summary>The score of what a person named and no rule did.</summary>
    public const int ByHand = 50;
}
