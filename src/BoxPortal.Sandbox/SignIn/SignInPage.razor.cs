using System.Globalization;
using Microsoft.AspNetCore.Components;
using OpenIddict.Abstractions;

namespace BoxPortal.Sandbox.SignIn;

/// <summary>Everybody one can be: those worth trying first, the others by department, never more than a page of them.</summary>
public sealed partial class SignInPage
{
    public const string Stylesheet = "/sign-in.css";

    /// <summary>The form field that names the person chosen, by object id.</summary>
    public const string Person = "person";

    internal const string Find = "find";
    internal const string Page = "page";
    private const int PageSize = 100;

    [Parameter, EditorRequired]
    public required OpenIddictRequest Request { get; set; }

    [Parameter, EditorRequired]
    public required Directory Directory { get; set; }

    private string Sought { get; set; } = "";
    private int PageNumber { get; set; }
    private int Pages { get; set; }
    private int Matches { get; set; }
    private IReadOnlyList<Person> StandOuts { get; set; } = [];
    private IReadOnlyList<Person> Others { get; set; } = [];

    protected override void OnParametersSet()
    {
        Sought = ((string?)Request[Find] ?? "").Trim();
        var found = Directory.Everyone.Where(IsSought).ToList();
        Matches = found.Count;
        var others = found.Where(person => person.SignInNote is null).ToList();
        Pages = Math.Max(1, (others.Count + PageSize - 1) / PageSize);
        PageNumber = Math.Clamp(int.TryParse((string?)Request[Page], CultureInfo.InvariantCulture, out var page) ? page : 1, 1, Pages);
        StandOuts = PageNumber == 1 ? [.. found.Where(person => person.SignInNote is not null)] : [];
        Others = [.. others.Skip((PageNumber - 1) * PageSize).Take(PageSize)];
    }

    /// <summary>Finds Łukasz for "lukasz" through his sign-in name, which is his name without accents.</summary>
    private bool IsSought(Person person)
    {
        var facts = $"{person.Name} {person.UserName} {person.JobTitle} {person.Department} {person.SignInNote}";
        return Sought.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .All(word => facts.Contains(word, StringComparison.OrdinalIgnoreCase));
    }

    private string AddressOf(string? sought, int page)
    {
        var query = Carried.ParametersOf(Request).ToList();
        if (!string.IsNullOrEmpty(sought))
        {
            query.Add(new(Find, sought));
        }

        query.Add(new(Page, page.ToString(CultureInfo.InvariantCulture)));
        return $"/{SignInServer.AuthorizePath}{QueryString.Create(query)}";
    }
}
