using System.Net.Http.Json;
using System.Security.Claims;
using BoxPortal.Sandbox;
using BoxPortal.SignIn;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace BoxPortal.Benchmarks;

/// <summary>A portal in this process, and the sandbox it works against.</summary>
internal sealed class Laboratory : IAsyncDisposable
{
    private readonly WebApplication _sandbox;
    private readonly DirectoryInfo _data;

    private Laboratory(WebApplication sandbox, WebApplication portal, DirectoryInfo data) => (_sandbox, Portal, _data) = (sandbox, portal, data);

    /// <summary>Built; to be started once the floors are mapped.</summary>
    public WebApplication Portal { get; }

    public Uri Address => new(Portal.Urls.First());

    public Enterprise Enterprise => _sandbox.Services.GetRequiredService<Enterprise>();

    public BoxPortal.Sandbox.Directory Directory => _sandbox.Services.GetRequiredService<BoxPortal.Sandbox.Directory>();

    /// <summary>Box's part is in this process, and what it remembers of requests is no memory of the portal.</summary>
    public void ForgetRequests() => _sandbox.Services.GetRequiredService<RequestLog>().Clear();

    /// <summary>Builds both, for the ordinary company or for one of so many <paramref name="people"/>.</summary>
    public static async Task<Laboratory> OpenAsync(int? people = null)
    {
        var sandbox = SandboxServer.Build(new SandboxOptions { Urls = "http://127.0.0.1:0", Controls = true });
        await sandbox.StartAsync();
        var box = sandbox.Urls.First();
        using var http = new HttpClient { BaseAddress = new Uri(box) };
        if (people is { } wanted)
        {
            (await http.PostAsJsonAsync(new Uri("/_sandbox/reseed", UriKind.Relative), new { people = wanted })).EnsureSuccessStatusCode();
        }

        var data = System.IO.Directory.CreateTempSubdirectory("boxportal-benchmark-");
        var portal = Program.Build(
        [
            "--environment=Development",
            "--urls=http://127.0.0.1:0",
            "--Logging:LogLevel:Default=None",
            $"--Storage:DataFolder={data.FullName}",
            $"--AzureAd:Instance={box}/",
            $"--AzureAd:TenantId={BoxPortal.Sandbox.Directory.TenantId}",
            $"--AzureAd:ClientId={BoxPortal.Sandbox.Directory.ClientId}",
            $"--AzureAd:ClientSecret={BoxPortal.Sandbox.Directory.ClientSecret}",
            $"--Box:ConfigJson={await http.GetStringAsync(new Uri("/_sandbox/config.json", UriKind.Relative))}",
            $"--Box:ApiBaseAddress={box}",
            $"--Box:UploadBaseAddress={box}",
        ]);
        return new Laboratory(sandbox, portal, data);
    }

    /// <summary>Lets Box take so many calls a minute of each user.</summary>
    public async Task LimitAsync(int callsPerMinute)
    {
        using var http = new HttpClient { BaseAddress = new Uri(_sandbox.Urls.First()) };
        (await http.PostAsJsonAsync(new Uri("/_sandbox/limits", UriKind.Relative), new { callsPerMinute })).EnsureSuccessStatusCode();
    }

    /// <summary>Somebody signed in without a browser: the principal of a live session, as a circuit would hold it.</summary>
    public async Task<ClaimsPrincipal> SessionOfAsync(Person person)
    {
        var tenantId = BoxPortal.Sandbox.Directory.TenantId;
        var employee = new Employee(new EmployeeId(Guid.Parse(tenantId), person.ObjectId), person.Name, person.UserName, person.AppRoles);
        var id = await Portal.Services.GetRequiredService<Sessions>().StartAsync(employee, _ => Task.FromResult(employee.Roles), replacedKey: null, CancellationToken.None);
        return new ClaimsPrincipal(new ClaimsIdentity(
            [
                new("oid", $"{person.ObjectId}"),
                new("tid", tenantId),
                new("name", person.Name),
                new("preferred_username", person.UserName),
                new(Sessions.ClaimType, id),
            ],
            authenticationType: "benchmark"));
    }

    public static async Task DrainAsync(HttpResponseMessage response)
    {
        response.EnsureSuccessStatusCode();
        await response.Content.ReadAsByteArrayAsync();
        response.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await Portal.StopAsync();
        await Portal.DisposeAsync();
        await _sandbox.DisposeAsync();
        _data.Delete(recursive: true);
    }
}
