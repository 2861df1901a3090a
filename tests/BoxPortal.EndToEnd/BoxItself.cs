using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using BoxPortal.Sandbox;
using BoxPortal.Tests;

namespace BoxPortal.EndToEnd;

/// <summary>Box as one person's app user sees it, asked over HTTP without portal, browser or seed in between.</summary>
internal static class BoxItself
{
    /// <summary>What Box lists as the person's "All Files".</summary>
    public static Task<IReadOnlyList<string>> ListRootAsync(this PortalHost host, Person person) => host.ListAsync(person, "0");

    /// <summary>What Box lists in the folder at <paramref name="path"/>, from the person's root down.</summary>
    public static async Task<IReadOnlyList<string>> ListPathAsync(this PortalHost host, Person person, params string[] path) =>
        await host.ListAsync(person, await host.FindAsync(person, path));

    /// <summary>The bytes of the file at <paramref name="path"/>.</summary>
    public static async Task<byte[]> ReadFileAsync(this PortalHost host, Person person, params string[] path)
    {
        using var http = await host.ActAsAsync(person);
        return await http.GetByteArrayAsync(new Uri($"/2.0/files/{await host.FindAsync(person, path)}/content", UriKind.Relative));
    }

    /// <summary>The id of what lies at <paramref name="path"/>.</summary>
    public static async Task<string> FindAsync(this PortalHost host, Person person, params string[] path)
    {
        using var http = await host.ActAsAsync(person);
        var id = "0";
        foreach (var name in path)
        {
            id = (await EntriesAsync(http, id)).Single(entry => entry.GetProperty("name").GetString() == name).GetProperty("id").GetString()!;
        }

        return id;
    }

    private static async Task<IReadOnlyList<string>> ListAsync(this PortalHost host, Person person, string folderId)
    {
        using var http = await host.ActAsAsync(person);
        return [.. (await EntriesAsync(http, folderId)).Select(entry => entry.GetProperty("name").GetString()!)];
    }

    private static async Task<IEnumerable<JsonElement>> EntriesAsync(HttpClient http, string folderId) =>
        (await http.GetFromJsonAsync<JsonElement>($"/2.0/folders/{folderId}/items?fields=name&limit=1000")).GetProperty("entries").EnumerateArray();

    /// <summary>By the Client Credentials Grant, which the portal of these tests does not use.</summary>
    private static async Task<HttpClient> ActAsAsync(this PortalHost host, Person person)
    {
        var http = new HttpClient { BaseAddress = host.SandboxAddress };
        var config = (await http.GetFromJsonAsync<JsonElement>("/_sandbox/config.json")).GetProperty("boxAppSettings");
        using FormUrlEncodedContent asked = new(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = config.GetProperty("clientID").GetString()!,
            ["client_secret"] = config.GetProperty("clientSecret").GetString()!,
            ["box_subject_type"] = "user",
            ["box_subject_id"] = host.AppUserOf(person).Id,
        });
        var answer = await http.PostAsync(new Uri("/oauth2/token", UriKind.Relative), asked);
        var token = (await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>()).GetProperty("access_token").GetString();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return http;
    }
}
