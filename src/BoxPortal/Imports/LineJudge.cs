using BoxPortal.AppUsers;
using BoxPortal.SignIn;
using BoxPortal.Storage;
using Microsoft.EntityFrameworkCore;

namespace BoxPortal.Imports;

/// <summary>
/// Says of each line of one import what would become of it. Looks only into the portal's own tables, and for many lines at
/// once: asking Box about each would take minutes. What has changed by then is found out when a change is made.
/// </summary>
/// <param name="tenantId">The directory that the people are of.</param>
internal sealed class LineJudge(Guid tenantId)
{
    private readonly Dictionary<Guid, int> _lineOfPerson = [];
    private readonly Dictionary<string, int> _lineOfAppUser = [];

    /// <summary>Judges the next lines, in their order.</summary>
    public async Task JudgeAsync(PortalDb db, IReadOnlyList<ImportLine> lines, CancellationToken cancellationToken)
    {
        var facts = await Facts.ReadAsync(db, tenantId, lines, cancellationToken);
        foreach (var line in lines)
        {
            (line.Verdict, line.Words) = Judge(line, facts);
        }
    }

    private (LineVerdict Verdict, string Words) Judge(ImportLine line, Facts facts)
    {
        if (WhoIsNot(line, facts, out var person) is { } unclear)
        {
            return unclear;
        }

        if (!_lineOfPerson.TryAdd(person.ObjectId, line.Line))
        {
            return (LineVerdict.Double, $"Line {_lineOfPerson[person.ObjectId]} is about {person.Name} already.");
        }

        if (person.IsSuspendedHere)
        {
            return (LineVerdict.Suspended, $"{person.Name} is suspended. Reactivate first.");
        }

        return line.AppUser switch
        {
            var given when given.Length > 0 && !LineText.IsNew(given) => Judge(line, person, given, "as the line says", facts),
            _ when person.State == MappingState.Mapped => (LineVerdict.Same, $"Acts as {facts.NameOf(person.AppUserId!)} already."),
            _ when facts.MarkedFor(person) is { } marked => Judge(line, person, marked, "external id equal", facts),
            { Length: > 0 } => (LineVerdict.Create, "Gets a new app user."),
            _ when facts.SuggestionFor(person) is { } suggestion => suggestion.Score >= AppUserMatching.Sure
                ? Judge(line, person, suggestion.AppUserId, suggestion.Reason, facts)
                : (LineVerdict.Undecided, $"Only alike: {facts.NameOf(suggestion.AppUserId)}, {suggestion.Reason}. If it is right, write {suggestion.AppUserId} into the line."),
            _ => (LineVerdict.Undecided, "No app user in Box is certainly theirs. Write a Box ID into the line, or “new”."),
        };
    }

    /// <summary>Finds out whom the line is about: somebody the portal knows, or somebody the line can enter.</summary>
    /// <returns>Why that is not clear; <c>null</c> where it is.</returns>
    private (LineVerdict Verdict, string Words)? WhoIsNot(ImportLine line, Facts facts, out AppUserMapping person)
    {
        person = null!;
        var byMail = line.Mail.Length == 0 ? [] : facts.ByMail[Facts.Key(line.Mail)].ToList();
        if (line.ObjectId.Length == 0 && byMail.Count != 1)
        {
            return byMail.Count == 0
                ? (LineVerdict.UnknownPerson, "Nobody with this mail address has signed in. With object ID and name, the line can enter them.")
                : (LineVerdict.Ambiguous, $"Several people have this mail address: {string.Join(", ", byMail.Select(person => $"{person.Name} ({person.ObjectId})"))}. Name the object ID.");
        }

        var id = line.ObjectId.Length > 0 ? Guid.Parse(line.ObjectId) : byMail[0].ObjectId;
        var known = facts.ById.GetValueOrDefault(id);
        if (byMail.Find(other => other.ObjectId != id) is { } somebodyElse)
        {
            return (LineVerdict.Ambiguous, $"The object ID is {(known is null ? "not known" : $"{known.Name}’s")}, but the mail address is {somebodyElse.Name}’s.");
        }

        if (known is null && line.Name.Length == 0)
        {
            return (LineVerdict.UnknownPerson, "Nobody with this object ID has signed in. With a name, the line can enter them.");
        }

        person = known ?? new AppUserMapping
        {
            TenantId = tenantId,
            ObjectId = id,
            Name = line.Name,
            UserName = "",
            Mail = line.Mail,
            State = MappingState.Unmapped,
            Cause = "",
            UpdatedAt = default,
            Reference = "",
        };
        (line.PersonId, line.PersonName, line.SeenVersion, line.FormerAppUserId) = (id, person.Name, known?.Version, person.AppUserId);
        return null;
    }

    private (LineVerdict Verdict, string Words) Judge(ImportLine line, AppUserMapping person, string appUserId, string why, Facts facts)
    {
        line.AppUserId = appUserId;
        var name = facts.NameOf(appUserId);
        if (facts.ByAppUserId.GetValueOrDefault(appUserId) is not { } appUser)
        {
            return (LineVerdict.AppUserUnknown, $"Box lists no app user {appUserId}: it is gone, or a person with a Box login of their own.");
        }

        if (facts.HolderOf.GetValueOrDefault(appUserId) is { } holder && holder.ObjectId != person.ObjectId)
        {
            return (LineVerdict.Taken, $"{name} is {holder.Name}’s.");
        }

        if (!_lineOfAppUser.TryAdd(appUserId, line.Line))
        {
            return (LineVerdict.Taken, $"Line {_lineOfAppUser[appUserId]} gives {name} to somebody else.");
        }

        return person switch
        {
            _ when !appUser.IsActive => (LineVerdict.AppUserInactive, $"{name} is inactive in Box. Activate it there first."),
            { State: MappingState.Mapped } when person.AppUserId == appUserId => (LineVerdict.Same, $"Acts as {name} already."),
            { State: MappingState.Foreign } when person.AppUserId == appUserId => (LineVerdict.Foreign, $"Our Box application may not act as {name}: another one made it."),
            { AppUserId: { } former } when former != appUserId => (LineVerdict.Change, $"Acts as {facts.NameOf(former)} now, and then as {name} ({why})."),
            _ when line.SeenVersion is null => (LineVerdict.Map, $"Is entered, and acts as {name} ({why})."),
            _ => (LineVerdict.Map, $"Acts as {name} ({why})."),
        };
    }

    /// <summary>All that is known of whom and what some lines name.</summary>
    private sealed class Facts
    {
        private readonly ILookup<string, KnownAppUser> _byExternalId;
        private readonly ILookup<string, KnownAppUser> _appUsersByMail;

        private Facts(IReadOnlyList<AppUserMapping> people, IReadOnlyList<KnownAppUser> appUsers, IReadOnlyList<AppUserMapping> holders)
        {
            ById = people.ToDictionary(person => person.ObjectId);
            ByMail = people.SelectMany(person => new[] { person.UserName, person.Mail }.OfType<string>().Select(Key).Distinct().Select(mail => (mail, person)))
                .ToLookup(one => one.mail, one => one.person);
            ByAppUserId = appUsers.ToDictionary(user => user.Id);
            HolderOf = holders.ToDictionary(holder => holder.AppUserId!);
            _byExternalId = appUsers.Where(user => user.ExternalId is not null).ToLookup(user => user.ExternalId!);
            _appUsersByMail = appUsers.Where(user => user is { Mail: not null, IsActive: true } && !HolderOf.ContainsKey(user.Id)).ToLookup(user => Key(user.Mail!));
        }

        public Dictionary<Guid, AppUserMapping> ById { get; }

        public ILookup<string, AppUserMapping> ByMail { get; }

        public Dictionary<string, KnownAppUser> ByAppUserId { get; }

        public Dictionary<string, AppUserMapping> HolderOf { get; }

        /// <summary>As the database compares mail addresses: letters of ASCII are the same in both cases, and nothing else is.</summary>
        public static string Key(string mail) => string.Create(mail.Length, mail, (key, mail) =>
        {
            for (var place = 0; place < key.Length; place++)
            {
                key[place] = char.IsAsciiLetterUpper(mail[place]) ? (char)(mail[place] | 0x20) : mail[place];
            }
        });

        public string NameOf(string appUserId) => ByAppUserId.GetValueOrDefault(appUserId) is { } appUser ? $"{appUser.Name} ({appUserId})" : appUserId;

        /// <summary>The app user that carries the person's mark in Box.</summary>
        public string? MarkedFor(AppUserMapping person) => _byExternalId[person.EmployeeId.ExternalAppUserId].FirstOrDefault()?.Id;

        /// <summary>The app user that looks like the person's; of somebody the portal does not know, it is looked for here.</summary>
        public AppUserSuggestion? SuggestionFor(AppUserMapping person) =>
            person is { SuggestedAppUserId: { } suggested } ? new AppUserSuggestion(suggested, person.SuggestionScore ?? 0, person.SuggestionReason ?? "")
            : person.Number == 0 && person.Mail is { Length: > 0 } mail ? AppUserMatching.Best(person, _appUsersByMail[Key(mail)], namesakes: 1)
            : null;

        public static async Task<Facts> ReadAsync(PortalDb db, Guid tenantId, IReadOnlyList<ImportLine> lines, CancellationToken cancellationToken)
        {
            var ids = lines.Where(line => line.ObjectId.Length > 0).Select(line => Guid.Parse(line.ObjectId)).Distinct().ToArray();
            var mails = lines.Where(line => line.Mail.Length > 0).Select(line => Key(line.Mail)).Distinct().ToArray();
            var mappings = db.Set<AppUserMapping>().AsNoTracking().Where(mapping => mapping.TenantId == tenantId);
            // One question for each index; the columns' own collation does not care for the case of ASCII.
            List<AppUserMapping> people =
            [
                .. await mappings.Where(mapping => ids.Contains(mapping.ObjectId)).ToListAsync(cancellationToken),
                .. await mappings.Where(mapping => mails.Contains(mapping.UserName)).ToListAsync(cancellationToken),
                .. await mappings.Where(mapping => mails.Contains(mapping.Mail)).ToListAsync(cancellationToken),
            ];

            var externalIds = people.Select(person => person.ObjectId).Concat(ids).Distinct().Select(id => new EmployeeId(tenantId, id).ExternalAppUserId).ToArray();
            var named = lines.Select(line => line.AppUser).Where(given => given.Length > 0 && !LineText.IsNew(given))
                .Concat(people.SelectMany(person => new[] { person.AppUserId, person.SuggestedAppUserId }).OfType<string>()).Distinct().ToArray();
            var known = db.Set<KnownAppUser>().AsNoTracking();
            List<KnownAppUser> appUsers =
            [
                .. await known.Where(user => named.Contains(user.Id)).ToListAsync(cancellationToken),
                .. await known.Where(user => externalIds.Contains(user.ExternalId)).ToListAsync(cancellationToken),
                .. await known.Where(user => mails.Contains(user.Mail)).ToListAsync(cancellationToken),
            ];

            string[] held = [.. named.Concat(appUsers.Select(user => user.Id)).Distinct()];
            var holders = await db.Set<AppUserMapping>().AsNoTracking().Where(mapping => held.Contains(mapping.AppUserId)).ToListAsync(cancellationToken);
            return new Facts([.. people.DistinctBy(person => person.ObjectId)], [.. appUsers.DistinctBy(user => user.Id)], holders);
        }
    }
}
