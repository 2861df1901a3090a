using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using BoxPortal.Box;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace BoxPortal.Benchmarks;

/// <summary>An app user's token and its downscoped child, against signing RS512 and posting twice over loopback with nothing around it.</summary>
internal static class ColdMint
{
    private static readonly string[] s_scopes = ["base_explorer", "item_download", "item_preview", "item_upload"];

    public static async Task RunAsync()
    {
        using var key = RSA.Create(2048);
        await using var box = await StartBoxAsync();
        var address = box.Urls.First();
        await using var services = new ServiceCollection()
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.None))
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["Box:ConfigJson"] = AppConfig(key),
                ["Box:ApiBaseAddress"] = address,
                ["Box:UploadBaseAddress"] = address,
            }).Build())
            .AddBox()
            .BuildServiceProvider();
        var tokens = services.GetRequiredService<BoxTokens>();
        using var http = new HttpClient { BaseAddress = new Uri(address) };
        var unsigned = Encoding.ASCII.GetBytes(new string('a', 420)); // about as long as header and claims of an assertion

        await Measure.CompareAsync("Cold mint (client alone)", 1.5, times: 100, Subject, Floor);

        async Task Subject()
        {
            var parent = await tokens.MintAsync(new BoxSubject.AppUser("31000000001"), CancellationToken.None);
            await tokens.DownscopeAsync(parent, s_scopes, CancellationToken.None);
        }

        async Task Floor()
        {
            var assertion = Convert.ToBase64String(key.SignData(unsigned, HashAlgorithmName.SHA512, RSASignaturePadding.Pkcs1));
            await PostAsync(new() { ["grant_type"] = "urn:ietf:params:oauth:grant-type:jwt-bearer", ["assertion"] = assertion, ["client_id"] = "id", ["client_secret"] = "secret" });
            await PostAsync(new() { ["grant_type"] = "urn:ietf:params:oauth:grant-type:token-exchange", ["subject_token"] = "token", ["scope"] = string.Join(' ', s_scopes) });
        }

        async Task PostAsync(Dictionary<string, string> form)
        {
            using var content = new FormUrlEncodedContent(form);
            using var answer = await http.PostAsync(new Uri("/oauth2/token", UriKind.Relative), content);
            await answer.Content.ReadAsByteArrayAsync();
        }
    }

    /// <summary>A Box that reads and answers, and no more: what it costs is in subject and floor alike.</summary>
    private static async Task<WebApplication> StartBoxAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var given = 0;
        app.MapPost("/oauth2/token", async context =>
        {
            await context.Request.BodyReader.CopyToAsync(Stream.Null);
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(
                $$"""{"access_token":"benchmarkbenchmarkbenchmark{{given++:D8}}","expires_in":4123,"restricted_to":[],"token_type":"bearer"}""");
        });
        await app.StartAsync();
        return app;
    }

    private static string AppConfig(RSA key) => JsonSerializer.Serialize(new
    {
        boxAppSettings = new
        {
            clientID = "benchmark",
            clientSecret = "benchmark-secret",
            appAuth = new
            {
                publicKeyID = "bench001",
                privateKey = key.ExportEncryptedPkcs8PrivateKeyPem("passphrase", new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 2048)),
                passphrase = "passphrase",
            },
        },
        enterpriseID = "900000001",
    });
}
