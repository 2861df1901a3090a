using BoxPortal.AppUsers;
using BoxPortal.Box;
using BoxPortal.Groups;
using BoxPortal.Sync;

namespace BoxPortal.Tests.Sync;

/// <summary>
/// What a plan makes of a state, case by case. Ada, Ben and Cy are mapped, Dee is suspended and Eve mapped to nobody. A case says
/// who is in the group in Box, whom the directory names, and for what reasons people are in it; a plan is told as <c>+</c> and
/// <c>-</c>, or <c>=</c> where only a reason is noted.
/// </summary>
public sealed class SyncPlannerTests
{
    private const string Group = "100";

    private static readonly SyncedPerson[] s_people =
    [
        Person("Ada"), Person("Ben"), Person("Cy"), Person("Dee") with { State = MappingState.Suspended }, Person("Eve") with { State = MappingState.Unmapped, AppUserId = null },
    ];

    public static TheoryData<Case> Cases =>
    [
        new Case("follows the directory", Directory: "Ada Ben", InBox: "Ben Cy", Sources: "Ben:1 Cy:1", Plan: "+Ada:1 -Cy:1"),
        new Case("finds nothing to do", Directory: "Ada", InBox: "Ada", Sources: "Ada:1", Plan: ""),
        new Case("puts back whom it put in and who is gone from Box", Directory: "Ada", InBox: "", Sources: "Ada:1", Plan: "+Ada:1"),
        new Case("notes its reason for who is in it already", Directory: "Ada", InBox: "Ada", Sources: "Ada:hand", Plan: "=Ada:1"),
        new Case("takes out nobody whom it did not put in", Directory: "Ben", InBox: "Ada Ben Cy", Sources: "Ada:hand Ben:1", Plan: ""),
        new Case("leaves in it who is there for another reason", Directory: "Ben", InBox: "Ada Ben", Sources: "Ada:hand Ada:1 Ben:1", Plan: "=Ada:-1"),
        new Case("forgets its reason for who is gone from Box", Directory: "Ben", InBox: "Ben", Sources: "Ada:1 Ben:1", Plan: "=Ada:-1"),
        new Case("keeps a member as what they are in Box", Directory: "Ada Ben", InBox: "Ada* Ben", Sources: "Ada:1 Ben:1", Plan: ""),
        new Case("notes a manager's reason and leaves the role", Directory: "Ada", InBox: "Ada*", Sources: "", Plan: "=Ada:1"),
        new Case("takes a manager out as one", Directory: "Ben", InBox: "Ada* Ben", Sources: "Ada:1 Ben:1", Plan: "-Ada*:1"),
        new Case("has one membership of two rules", Directory: "Ada", Second: "Ada", InBox: "", Sources: "", Plan: "+Ada:1,2"),
        new Case("keeps what one of two rules still gives", Directory: "Ben", Second: "Ada", InBox: "Ada Ben", Sources: "Ada:1 Ada:2 Ben:1", Plan: "=Ada:-1"),
        new Case("hands over from one rule to the other", Directory: "Ben", Second: "Ada", InBox: "Ada Ben", Sources: "Ada:1 Ben:1", Plan: "=Ada:2 =Ada:-1"),
        new Case("takes out whom neither of two rules gives", Directory: "Ben", Second: "Ben", InBox: "Ada Ben", Sources: "Ada:1 Ada:2 Ben:1 Ben:2", Plan: "=Ada:-1 -Ada:2"),
        new Case("takes nobody out of a protected group", Directory: "Ben", InBox: "Ada Ben", Sources: "Ada:1 Ben:1", IsProtected: true, Plan: "", Words: "protected and stay: Ada"),
        new Case("puts people into a protected group", Directory: "Ada", InBox: "", Sources: "", IsProtected: true, Plan: "+Ada:1"),
        new Case("takes nobody out who is protected", Directory: "Cy", InBox: "Ada Ben Cy", Sources: "Ada:1 Ben:1 Cy:1", Protected: "Ada", Plan: "-Ben:1", Words: "protected and stay: Ada"),
        new Case("takes nobody out by an empty answer", Directory: "", InBox: "Ada Ben", Sources: "Ada:1 Ben:1", Plan: "", Stopped: "names nobody"),
        new Case("takes all out by an empty answer that may be", Directory: "", InBox: "Ada Ben", Sources: "Ada:1 Ben:1", MayEmpty: true, Plan: "-Ada:1 -Ben:1"),
        new Case("has nothing against an empty answer of which nobody is", Directory: "", InBox: "Ada", Sources: "Ada:hand", Plan: ""),
        new Case("stops by an answer that is not whole", Directory: null, InBox: "Ada", Sources: "Ada:1", Plan: "", Stopped: "no whole answer"),
        new Case("follows the other rule where one has no whole answer", Directory: null, Second: "Ben", InBox: "Ada", Sources: "Ada:1", Plan: "+Ben:2", Stopped: "no whole answer"),
        new Case("leaves alone of whom the sign-ins say nothing", Directory: "Ben", Known: "Ben Cy", InBox: "Ada Ben Cy", Sources: "Ada:1 Ben:1 Cy:1", Plan: "-Cy:1", Words: "1 person is not signed in"),
        new Case("puts in nobody who is unmapped", Directory: "Ada Eve", InBox: "", Sources: "", Plan: "+Ada:1", Words: "mapped to nobody in Box, and left alone: Eve"),
        new Case("puts in nobody who is suspended", Directory: "Ada Dee", InBox: "", Sources: "", Plan: "+Ada:1", Words: "left alone: Dee"),
        new Case("takes out nobody who is suspended", Directory: "Ada", InBox: "Ada Dee", Sources: "Ada:1 Dee:1", Plan: "", Words: "left alone: Dee"),
        new Case("takes out no app user whom it does not know", Directory: "Ada", InBox: "Ada Zoe", Sources: "Ada:1 Zoe:1", Plan: "", Words: "app user Zoe"),
        new Case("stops where the group is gone", Directory: "Ada", InBox: null, Sources: "Ben:1", Plan: "", Stopped: "not in Box any more"),
        new Case("takes out all when it ends, also the suspended", Directory: "", InBox: "Ada Dee", Sources: "Ada:1 Dee:1", IsEnding: true, Plan: "-Ada:1 -Dee:1"),
        new Case("ends without those who are protected", Directory: "", InBox: "Ada Ben", Sources: "Ada:1 Ben:1", IsEnding: true, Protected: "Ada", Plan: "-Ben:1", Words: "protected and stay: Ada"),
    ];

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_run(Case what)
    {
        var plan = SyncPlanner.Plan(what.State());

        Assert.Equal(what.Plan, string.Join(' ', plan.Changes.Select(Told).OrderBy(told => told[0] == '-' || told.Contains(":-", StringComparison.Ordinal)).ThenBy(told => told[1..], StringComparer.Ordinal)));
        Assert.Contains(what.Words, string.Join('\n', plan.Outcomes.Select(outcome => outcome.Words)), StringComparison.Ordinal);
        Assert.Equal(what.Stopped is not null, plan.Outcomes[0].Stopped is not null);
        Assert.Contains(what.Stopped ?? "", plan.Outcomes[0].Stopped ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void Whoever_moves_is_in_the_new_group_before_they_are_out_of_the_old()
    {
        var old = new Case("old", Directory: "Ben", InBox: "Ada Ben", Sources: "Ada:1 Ben:1", Plan: "").State();
        var rule = Rule(2, "200");
        var members = new Dictionary<string, IReadOnlyDictionary<string, GroupMembership>>(old.Members) { ["200"] = new Dictionary<string, GroupMembership>() };

        var plan = SyncPlanner.Plan(old with { Rules = [.. old.Rules, new RuleState(rule, Named("Ada", null))], Members = members });

        Assert.Equal([(GroupAct.AddMember, "200"), (GroupAct.RemoveMember, Group)], plan.Changes.Select(change => (change.Edit.Act, change.Edit.GroupId)));
    }

    /// <summary>In the terms of <see cref="Case.Plan"/>.</summary>
    private static string Told(PlannedChange change)
    {
        var (isIn, name) = (change.Edit.Act == GroupAct.AddMember, change.Edit.AppUserId);
        var rules = change.Source.Replace(MembershipSource.DirectoryPrefix, "", StringComparison.Ordinal);
        var role = change.FormerMemberRole == GroupRole.Admin && !isIn ? "*" : "";
        return isIn == (change.FormerMemberRole is null)
            ? $"{(isIn ? '+' : '-')}{name}{role}:{rules}"
            : $"={name}:{(isIn ? "" : "-")}{rules}";
    }

    private static SyncedPerson Person(string name) => new(IdOf(name), name, MappingState.Mapped, name);

    private static Guid IdOf(string name) => BoxPortal.Sandbox.Directory.IdOf("person", name);

    private static DirectoryAnswer.People Named(string names, string? known) =>
        new(Words(names).Select(IdOf).ToHashSet(), known is null ? null : Words(known).Select(IdOf).ToHashSet());

    private static string[] Words(string words) => words.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static SyncRule Rule(long id, string groupId) => new()
    {
        Id = id,
        TenantId = Guid.Empty,
        Source = SyncSource.Group,
        SourceId = "of the directory",
        SourceName = "Staff",
        GroupId = groupId,
        GroupName = "Everyone",
        CreatedAt = default,
        By = "Priya",
    };

    /// <param name="Does">What a run does then.</param>
    /// <param name="Directory">Whom the directory names for rule 1; <c>null</c> where it gives no whole answer.</param>
    /// <param name="InBox">Who is in the group, managers with a star; <c>null</c> where it is gone.</param>
    /// <param name="Sources">Why: <c>hand</c>, or a rule.</param>
    /// <param name="Plan">What is to be done.</param>
    /// <param name="Second">Whom the directory names for rule 2, where there is one.</param>
    /// <param name="Known">Of whom it is known whether they are; <c>null</c> for everybody.</param>
    /// <param name="Protected">Who is protected.</param>
    /// <param name="IsProtected">Whether the group is.</param>
    /// <param name="MayEmpty">Whether nobody may mean nobody.</param>
    /// <param name="IsEnding">Whether rule 1 ends.</param>
    /// <param name="Words">What is said of it.</param>
    /// <param name="Stopped">Why rule 1 was not followed.</param>
    public sealed record Case(
        string Does, string? Directory, string? InBox, string Sources, string Plan, string? Second = null, string? Known = null, string Protected = "", bool IsProtected = false,
        bool MayEmpty = false, bool IsEnding = false, string Words = "", string? Stopped = null)
    {
        public override string ToString() => Does;

        internal SyncState State()
        {
            var rule = Rule(1, Group);
            (rule.MayEmpty, rule.IsEnding) = (MayEmpty, IsEnding);
            List<RuleState> rules = [new(rule, Directory is null ? new DirectoryAnswer.Failed("The directory gave no whole answer.") : Named(Directory, Known))];
            if (Second is not null)
            {
                rules.Add(new RuleState(Rule(2, Group), Named(Second, known: null)));
            }

            return new SyncState(
                rules,
                s_people,
                InBox is null
                    ? new Dictionary<string, IReadOnlyDictionary<string, GroupMembership>>()
                    : new Dictionary<string, IReadOnlyDictionary<string, GroupMembership>> { [Group] = SyncPlannerTests.Words(InBox).Select(Membership).ToDictionary(one => one.User.Id) },
                InBox is null ? new Dictionary<string, string> { [Group] = "The group is not in Box any more." } : new Dictionary<string, string>(),
                [.. SyncPlannerTests.Words(Sources).Select(Source)],
                IsProtected ? new HashSet<string> { Group } : [],
                SyncPlannerTests.Words(Protected).ToHashSet());
        }

        private static GroupMembership Membership(string word) => new(
            $"of {word}", new BoxReference(word.TrimEnd('*'), "user", word), new BoxReference(Group, "group", "Everyone"), word.EndsWith('*') ? GroupRole.Admin : GroupRole.Member);

        private static MembershipSource Source(string word) => new()
        {
            GroupId = Group,
            AppUserId = word.Split(':')[0],
            Source = word.Split(':')[1] is "hand" ? MembershipSource.Hand : MembershipSource.OfRule(long.Parse(word.Split(':')[1], System.Globalization.CultureInfo.InvariantCulture)),
            Since = default,
            By = "Priya",
            Reason = "a test",
        };
    }
}
