using System.Diagnostics;
using BoxPortal.AppUsers;
using BoxPortal.Box;
using BoxPortal.Groups;

namespace BoxPortal.Sync;

/// <summary>
/// Says what is to be done so that Box's groups follow the directory. Depends on nothing but what it is given: the same state gives
/// the same plan, and once that is carried out, an empty one.
/// </summary>
public static class SyncPlanner
{
    /// <summary>How many names a sentence bears.</summary>
    private const int MostNamed = 20;

    /// <summary>The plan for a state.</summary>
    public static SyncPlan Plan(SyncState state)
    {
        var people = state.People.ToDictionary(person => person.ObjectId);
        var ofAppUser = state.People.Where(person => person.AppUserId is not null).ToDictionary(person => person.AppUserId!);
        List<PlannedChange> changes = [];
        List<RuleOutcome> outcomes = [];
        foreach (var ofGroup in state.Rules.GroupBy(rule => rule.Rule.GroupId))
        {
            var work = new GroupWork(state, ofGroup.Key, people, ofAppUser);
            var followed = ofGroup.Select(work.Follow).ToList();
            var planned = work.Changes().ToList();
            changes.AddRange(planned);
            outcomes.AddRange(followed.Select(outcome => outcome.Counting(planned)));
        }

        // Nobody is without what they keep: whoever moves is in the new group before they are out of the old.
        return new SyncPlan([.. changes.OrderBy(change => change.Edit.Act == GroupAct.RemoveMember)], outcomes, state.Members.ToDictionary(group => group.Key, group => group.Value.Count));
    }

    /// <summary>The rules of one group, which share its members.</summary>
    private sealed class GroupWork(
        SyncState state, string groupId, IReadOnlyDictionary<Guid, SyncedPerson> people, IReadOnlyDictionary<string, SyncedPerson> ofAppUser)
    {
        private readonly IReadOnlyDictionary<string, GroupMembership>? _members = state.Members.GetValueOrDefault(groupId);
        private readonly Dictionary<string, HashSet<string>> _sources = state.Sources.Where(source => source.GroupId == groupId)
            .GroupBy(source => source.AppUserId).ToDictionary(member => member.Key, member => member.Select(source => source.Source).ToHashSet());

        private readonly SortedDictionary<string, (SyncedPerson Person, List<string> Sources)> _added = new(StringComparer.Ordinal);
        private readonly List<(string AppUserId, string Name, string Source)> _removed = [];
        private string _groupName = "";

        public RuleOutcome Follow(RuleState followed)
        {
            var (rule, answer) = followed;
            var source = MembershipSource.OfRule(rule.Id);
            var held = _sources.Where(member => member.Value.Contains(source)).Select(member => member.Key).Order(StringComparer.Ordinal).ToList();
            _groupName = rule.GroupName;
            if (answer is DirectoryAnswer.Failed(var trouble) || (trouble = _members is null ? state.Troubles.GetValueOrDefault(groupId, "Box did not say who is in the group.") : null) is not null)
            {
                return RuleOutcome.StoppedBy(rule, trouble);
            }

            var (granted, known) = answer as DirectoryAnswer.People ?? throw new UnreachableException();
            if (granted.Count == 0 && held.Count > 0 && !rule.MayEmpty && !rule.IsEnding)
            {
                return RuleOutcome.StoppedBy(rule, $"The directory names nobody in {rule.SourceName}, and {Count(held.Count)} in {rule.GroupName} by this rule. "
                    + "Nobody is taken out by an empty answer. If it is right, say that it may empty the group.") with
                { IsEmpty = true };
            }

            var (protectedOnes, keptOut, unmapped, unusable, unknown) = (new List<string>(), new List<string>(), new List<string>(), new List<string>(), 0);
            foreach (var objectId in granted)
            {
                switch (people.GetValueOrDefault(objectId))
                {
                    case { State: MappingState.Mapped, AppUserId: { } appUserId } person when !_members!.ContainsKey(appUserId) && state.KeptOut.Contains((groupId, appUserId)):
                        keptOut.Add(person.Name);
                        break;
                    case { State: MappingState.Mapped, AppUserId: { } appUserId } person:
                        if (!(_sources.GetValueOrDefault(appUserId)?.Contains(source) ?? false) || !_members!.ContainsKey(appUserId))
                        {
                            Add(appUserId, person, source);
                        }

                        break;
                    case { AppUserId: not null } person:
                        unusable.Add(person.Name);
                        break;
                    case var person:
                        unmapped.Add(person?.Name ?? objectId.ToString("D"));
                        break;
                }
            }

            foreach (var appUserId in held)
            {
                var person = ofAppUser.GetValueOrDefault(appUserId);
                if (person is not null && granted.Contains(person.ObjectId))
                {
                    continue;
                }

                if (state.ProtectedGroups.Contains(groupId) || state.ProtectedPeople.Contains(appUserId))
                {
                    protectedOnes.Add(person?.Name ?? appUserId);
                }
                else if (rule.IsEnding || (person is { State: MappingState.Mapped } && known?.Contains(person.ObjectId) != false))
                {
                    _removed.Add((appUserId, person?.Name ?? appUserId, source));
                }
                else if (person is null)
                {
                    unmapped.Add($"app user {appUserId}");
                }
                else if (person.State != MappingState.Mapped)
                {
                    unusable.Add(person.Name);
                }
                else
                {
                    unknown++;
                }
            }

            List<string> notes = [];
            Note(notes, protectedOnes, "protected and stay");
            Note(notes, keptOut, "kept out, as somebody in Box took them out, and left alone");
            Note(notes, unmapped, "mapped to nobody in Box, and left alone");
            Note(notes, unusable, "suspended or cannot be used in Box, and left alone");
            if (unknown > 0)
            {
                notes.Add($"{Count(unknown)} not signed in since the portal keeps what sign-ins say, and left alone.");
            }

            return new RuleOutcome(rule, null, notes) { IsEmpty = granted.Count == 0 };
        }

        public IEnumerable<PlannedChange> Changes()
        {
            foreach (var (appUserId, (person, sources)) in _added)
            {
                var membership = _members!.GetValueOrDefault(appUserId);
                yield return new PlannedChange(new GroupEdit(GroupAct.AddMember, groupId, appUserId, MemberRole: GroupRole.Member), _groupName)
                {
                    MemberName = person.Name,
                    Source = string.Join(',', sources),
                    BoxId = membership?.Id,
                    FormerMemberRole = membership?.Role,
                };
            }

            foreach (var (appUserId, name, source) in _removed)
            {
                var left = _sources[appUserId];
                left.Remove(source);
                left.UnionWith(_added.TryGetValue(appUserId, out var also) ? also.Sources : []);
                var membership = _members!.GetValueOrDefault(appUserId);
                yield return new PlannedChange(new GroupEdit(GroupAct.RemoveMember, groupId, appUserId), _groupName)
                {
                    MemberName = name,
                    Source = source,
                    BoxId = membership?.Id,
                    FormerMemberRole = left.Count == 0 ? membership?.Role : null, // else they stay, for another reason
                };
            }
        }

        private void Add(string appUserId, SyncedPerson person, string source)
        {
            if (_added.TryGetValue(appUserId, out var known))
            {
                known.Sources.Add(source);
            }
            else
            {
                _added.Add(appUserId, (person, [source]));
            }
        }
    }

    private static void Note(List<string> notes, IReadOnlyCollection<string> names, string words)
    {
        if (names.Count > 0)
        {
            notes.Add($"{Count(names.Count)} {words}: {string.Join(", ", names.Order(StringComparer.CurrentCulture).Take(MostNamed))}{(names.Count > MostNamed ? $" and {names.Count - MostNamed} more" : "")}.");
        }
    }

    private static string Count(int people) => people == 1 ? "1 person is" : $"{people} people are";
}

/// <summary>All that a plan depends on.</summary>
/// <param name="Rules">The rules to follow, each with what the directory says.</param>
/// <param name="People">Everybody the portal knows of the directory.</param>
/// <param name="Members">By Box's ID of the group: its members by app user, as Box lists them.</param>
/// <param name="Troubles">By Box's ID of the group: why Box did not list them.</param>
/// <param name="Sources">Why people are in the groups concerned.</param>
/// <param name="ProtectedGroups">From which the sync never removes.</param>
/// <param name="ProtectedPeople">App users whom the sync never removes.</param>
public sealed record SyncState(
    IReadOnlyList<RuleState> Rules,
    IReadOnlyList<SyncedPerson> People,
    IReadOnlyDictionary<string, IReadOnlyDictionary<string, GroupMembership>> Members,
    IReadOnlyDictionary<string, string> Troubles,
    IReadOnlyList<MembershipSource> Sources,
    IReadOnlySet<string> ProtectedGroups,
    IReadOnlySet<string> ProtectedPeople)
{
    /// <summary>Who was taken out of which group in Box, and is kept out: by Box's IDs of group and app user.</summary>
    public IReadOnlySet<(string GroupId, string AppUserId)> KeptOut { get; init; } = new HashSet<(string, string)>();
}

/// <summary>A rule and what the directory says of what it follows.</summary>
public sealed record RuleState(SyncRule Rule, DirectoryAnswer Answer);

/// <summary>Somebody the portal knows.</summary>
public sealed record SyncedPerson(Guid ObjectId, string Name, MappingState State, string? AppUserId);

/// <summary>What the directory says of a group or role.</summary>
public abstract record DirectoryAnswer
{
    private DirectoryAnswer() { }

    /// <summary>Who is in it.</summary>
    /// <param name="Granted">These are.</param>
    /// <param name="Known">Of these it is known whether they are; <c>null</c> for everybody.</param>
    public sealed record People(IReadOnlySet<Guid> Granted, IReadOnlySet<Guid>? Known) : DirectoryAnswer;

    /// <summary>It did not say, or not all.</summary>
    /// <param name="Words">Why, for administrators.</param>
    public sealed record Failed(string Words) : DirectoryAnswer;
}

/// <summary>What is to be done, and what became of each rule.</summary>
public sealed record SyncPlan(IReadOnlyList<PlannedChange> Changes, IReadOnlyList<RuleOutcome> Outcomes, IReadOnlyDictionary<string, int> Sizes)
{
    /// <summary>Only some of it, for a change set.</summary>
    public GroupPlan Of(IReadOnlyList<PlannedChange> changes) => new(changes, [.. Outcomes.SelectMany(outcome => outcome.Lines)], Sizes);

    /// <summary>All of it, for a change set.</summary>
    public GroupPlan Whole => Of(Changes);
}

/// <summary>What became of a rule.</summary>
/// <param name="Rule">Which.</param>
/// <param name="Stopped">Why it was not followed; <c>null</c> where it was.</param>
/// <param name="Notes">Who was left alone and why, one sentence each.</param>
public sealed record RuleOutcome(SyncRule Rule, string? Stopped, IReadOnlyList<string> Notes)
{
    /// <summary>How many come into the group by it and go out.</summary>
    public InAndOut Count { get; init; } = new(0, 0, 0, 0, 0);

    /// <summary>Whether the directory named nobody.</summary>
    public bool IsEmpty { get; init; }

    /// <summary>One that was not followed.</summary>
    public static RuleOutcome StoppedBy(SyncRule rule, string why) => new(rule, why, []);

    /// <summary>With what is planned for its group counted, as far as it is by this rule.</summary>
    public RuleOutcome Counting(IEnumerable<PlannedChange> planned)
    {
        var source = MembershipSource.OfRule(Rule.Id);
        return this with
        {
            Count = InAndOut.Of(planned.Where(change => change.Source.Split(',').Contains(source)).Select(change => (change.Edit.Act, change.FormerMemberRole, change.BoxId))),
        };
    }

    /// <summary>What came of it, in words.</summary>
    public string Words => Worded(Count.Words);

    /// <summary>What comes of it, in words, while whoever is to go waits for a second administrator.</summary>
    public string WordsWhileHeld => Worded(Count.WordsWhileHeld);

    /// <summary>For a change set: what the plan left out.</summary>
    public IEnumerable<string> Lines => Stopped is not null ? [$"{Rule.Name} was stopped: {Stopped}"] : Notes.Select(note => $"{Rule.Name}: {note}");

    private string Worded(string count) => Stopped ?? string.Join(' ', [Count.IsNothing ? "Nothing to change." : count, .. Notes]);
}
