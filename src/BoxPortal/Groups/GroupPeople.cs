using System.Security.Claims;
using BoxPortal.AppUsers;
using BoxPortal.Storage;
using Microsoft.EntityFrameworkCore;

namespace BoxPortal.Groups;

/// <summary>Finds those who can be put into groups: employees by any part of what they are called, and app users that are nobody's.</summary>
public sealed class GroupPeople(IDbContextFactory<PortalDb> databases, GroupRights rights)
{
    /// <summary>How many are offered at once.</summary>
    public const int MostFound = 20;

    /// <summary>How many lines can be pasted at once.</summary>
    public const int MostPasted = 2_000;

    /// <summary>Those whom <paramref name="text"/> names, at most <see cref="MostFound"/>; nobody to whoever may change no group.</summary>
    public async Task<IReadOnlyList<GroupPerson>> FindAsync(ClaimsPrincipal actor, string? text, CancellationToken cancellationToken)
    {
        if (!await MayAsync(actor, cancellationToken))
        {
            return [];
        }

        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var people = await AppUserDirectory.Search(db, text).Where(mapping => mapping.AppUserId != null && mapping.State == MappingState.Mapped)
            .OrderBy(mapping => mapping.Name).ThenBy(mapping => mapping.Number).Take(MostFound).ToListAsync(cancellationToken);
        List<GroupPerson> found = [.. people.Select(Person)];
        if (found.Count < MostFound && !string.IsNullOrWhiteSpace(text))
        {
            var pattern = $"%{LikeEscape.Escape(text.Trim())}%";
            found.AddRange(await db.Set<KnownAppUser>()
                .Where(user => user.IsActive && (user.Id == text.Trim() || EF.Functions.Like(user.Name, pattern, LikeEscape.Character))
                    && !db.Set<AppUserMapping>().Any(mapping => mapping.AppUserId == user.Id))
                .OrderBy(user => user.Name).Take(MostFound - found.Count).Select(user => new GroupPerson(user.Id, user.Name, user.Mail ?? "", null)).ToListAsync(cancellationToken));
        }

        return found;
    }

    /// <summary>Those whom pasted lines name, each by mail address, sign-in name or app user ID, and the lines that name nobody.</summary>
    public async Task<(IReadOnlyList<GroupPerson> Found, IReadOnlyList<string> Unknown)> ReadAsync(ClaimsPrincipal actor, string pasted, CancellationToken cancellationToken)
    {
        var lines = pasted.Split(['\n', '\r', ';', '\t']).SelectMany(AddressesIn).Distinct(StringComparer.OrdinalIgnoreCase).Take(MostPasted).ToList();
        if (lines.Count == 0 || !await MayAsync(actor, cancellationToken))
        {
            return ([], lines);
        }

        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        // A mail address may be known from the directory, an import or Box; an ID is Box's.
        var inBox = await db.Set<KnownAppUser>().AsNoTracking().Where(user => user.IsActive && (lines.Contains(user.Mail!) || lines.Contains(user.Id))).ToListAsync(cancellationToken);
        var ids = inBox.Select(user => user.Id).ToArray();
        var people = await db.Set<AppUserMapping>().AsNoTracking()
            .Where(mapping => mapping.AppUserId != null && mapping.State == MappingState.Mapped
                && (lines.Contains(mapping.UserName) || lines.Contains(mapping.Mail!) || ids.Contains(mapping.AppUserId)))
            .ToListAsync(cancellationToken);
        var addresses = people.SelectMany(mapping => new[] { mapping.UserName, mapping.Mail }.Select(address => (Address: address, Person: Person(mapping))))
            .Concat(inBox.SelectMany(user => new[] { user.Mail, user.Id }.Select(address => (Address: address,
                Person: people.FirstOrDefault(mapping => mapping.AppUserId == user.Id) is { } mapped ? Person(mapped) : new GroupPerson(user.Id, user.Name, user.Mail ?? "", null)))))
            .ToLookup(named => named.Address ?? "", named => named.Person, StringComparer.OrdinalIgnoreCase);
        List<GroupPerson> found = [];
        List<string> unknown = [];
        foreach (var line in lines)
        {
            if (addresses[line].DistinctBy(person => person.AppUserId).ToList() is [var person])
            {
                found.Add(person);
            }
            else
            {
                unknown.Add(line); // or two people of one address: nobody can say whom it means
            }
        }

        return ([.. found.DistinctBy(person => person.AppUserId)], unknown);
    }

    /// <summary>Who these app users are.</summary>
    public async Task<IReadOnlyDictionary<string, GroupPerson>> NameAsync(IReadOnlyCollection<string> appUserIds, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var people = await db.Set<AppUserMapping>().AsNoTracking().Where(mapping => appUserIds.Contains(mapping.AppUserId!)).ToListAsync(cancellationToken);
        return people.ToDictionary(mapping => mapping.AppUserId!, Person);
    }

    /// <summary>As mail programs write them, e.g. <c>Okafor, Maya &lt;maya@larkfield.example&gt;</c>: what stands before the bracket is a name, unless it is an address itself.</summary>
    private static IEnumerable<string> AddressesIn(string text)
    {
        const StringSplitOptions Tidy = StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries;
        var parts = text.Split(['<', '>']); // by turns outside and inside
        return parts.SelectMany((part, number) =>
            number % 2 == 1 ? [part.Trim()]
            : part.Split(',', Tidy).Where(word => number == parts.Length - 1 || word.Contains('@', StringComparison.Ordinal) || word.All(char.IsAsciiDigit)))
            .Where(address => address.Length > 0);
    }

    private async Task<bool> MayAsync(ClaimsPrincipal actor, CancellationToken cancellationToken) =>
        await rights.SightAsync(actor, cancellationToken) is { IsAdministrator: true } or { Owned.Count: > 0 };

    private static GroupPerson Person(AppUserMapping mapping) =>
        new(mapping.AppUserId!, mapping.Name, mapping.UserName.Length > 0 ? mapping.UserName : mapping.Mail ?? "", mapping.ObjectId);
}

/// <summary>Somebody who is in a group, or can be.</summary>
/// <param name="AppUserId">Box's ID of their app user.</param>
/// <param name="Name">What they are called.</param>
/// <param name="Address">Sign-in name or mail address; empty where neither is known.</param>
/// <param name="ObjectId">The employee's object ID; <c>null</c> for an app user that is nobody's.</param>
public sealed record GroupPerson(string AppUserId, string Name, string Address, Guid? ObjectId)
{
    /// <summary>What tells them from others of their name.</summary>
    public string Mark => Address.Length > 0 ? Address : $"app user {AppUserId}";

    /// <summary>Their name, with their mark where others among these are called the same.</summary>
    public string NameAmong(IEnumerable<GroupPerson> others) =>
        others.Any(other => other.AppUserId != AppUserId && string.Equals(other.Name, Name, StringComparison.OrdinalIgnoreCase)) ? $"{Name} ({Mark})" : Name;
}
