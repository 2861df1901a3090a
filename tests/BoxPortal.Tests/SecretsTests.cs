using System.Collections.Concurrent;
using System.Diagnostics;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using BoxPortal.AppUsers;
using BoxPortal.Graph;
using BoxPortal.Sandbox;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace BoxPortal.Tests;

/// <summary>No token, key or secret is in anything the portal writes, but for the one answer that hands a token to its owner.</summary>
public sealed partial class SecretsTests
{
    [Fact]
    public async Task A_full_run_writes_no_secret_anywhere()
    {
        var answers = new ConcurrentQueue<(string Where, byte[] Bytes)>();
        var traces = new ConcurrentQueue<string>();
        using var listener = Listen(traces);
        await using var portal = await PortalHost.StartRecoveredAsync(new Dictionary<string, string>
        {
            ["AppUsers:Newcomers"] = "Automatic",
            ["Logging:LogLevel:Default"] = "Trace",
            ["Logging:LogLevel:Microsoft.AspNetCore"] = "Trace",
            ["Logging:LogLevel:Microsoft.EntityFrameworkCore"] = "Trace",
            ["Logging:LogLevel:System.Net.Http.HttpClient"] = "Trace",
        });
        portal.Watch = answer => RecordAsync(portal, answer, answers);

        var issued = await LiveThroughADayAsync(portal);

        Assert.True(issued.Count >= 12, $"only {issued.Count} tokens were issued");
        Assert.True(answers.Count > 60 && portal.Logs.Count > 1000 && traces.Count > 50, $"{answers.Count} answers, {portal.Logs.Count} lines, {traces.Count} traces");
        Assert.Contains(portal.Logs, line => line.StartsWith("Trace", StringComparison.Ordinal));
        var scanner = ScannerFor(portal, issued);
        var found = answers.DistinctBy(answer => Convert.ToHexString(SHA256.HashData(answer.Bytes))).Select(answer => (answer.Where, Found: scanner.Find(answer.Bytes)))
            .Concat(portal.Logs.Concat(traces).Select(line => (Where: line, Found: scanner.Find(line))))
            .Concat(Files(portal).Select(file => (file.Where, Found: scanner.Find(file.Bytes))))
            .Where(place => place.Found.Count > 0)
            .Select(place => $"{string.Join(", ", place.Found)} in {place.Where[..Math.Min(300, place.Where.Length)]}").ToList();
        Assert.True(found.Count == 0, string.Join('\n', found.Take(20)));
        // Assertions and ID tokens, too: whatever is a signed JWT.
        Assert.Empty(portal.Logs.Concat(traces).Concat(answers.Concat(Files(portal)).Select(place => Encoding.Latin1.GetString(place.Bytes))).Where(text => Jwt().IsMatch(text)).Select(text => text[..Math.Min(300, text.Length)]));
    }

    [Fact]
    public void A_secret_is_found_in_whatever_form_it_was_written()
    {
        var secret = "sbx" + new string([.. Enumerable.Range(0, 40).Select(place => (char)('a' + (place * 7 % 26)))]);
        var key = RandomNumberGenerator.GetBytes(64);
        var scanner = new SecretScanner();
        scanner.Add("secret", secret);
        scanner.Add("key", key);
        byte[] Text(string text) => Encoding.UTF8.GetBytes(text);

        foreach (var pad in new[] { "", "a", "ab", "abc", "{\"x\":\"" })
        {
            foreach (var written in new[]
            {
                Text($"{pad}{secret}!"), Encoding.Unicode.GetBytes($"{pad}{secret}"), Encoding.BigEndianUnicode.GetBytes($"{pad}{secret}"), [7, .. Encoding.Unicode.GetBytes(secret)],
                Text(Convert.ToBase64String(Text($"{pad}{secret}{pad}"))), Text(Convert.ToBase64String(Text($"{pad}{secret}"))[1..]), Text($"{pad}{Convert.ToHexString(Text(secret))}"), Pack(Text($"{pad}{secret}{pad}")),
                Text(Convert.ToBase64String(Text($"{pad}{secret}{pad}")).Replace('+', '-').Replace('/', '_').TrimEnd('=')), Encoding.Unicode.GetBytes(Convert.ToBase64String(Text($"{pad}{secret}{pad}"))),
            })
            {
                Assert.Equal(["secret"], scanner.Find(written));
            }

            foreach (var written in new[] { [.. Text(pad), .. key], Text(Convert.ToBase64String([.. Text(pad), .. key, .. Text(pad)])), Text(Convert.ToHexStringLower(key)), Pack(key) })
            {
                Assert.Equal(["key"], scanner.Find(written));
            }
        }

        Assert.Empty(scanner.Find(Text(secret[..20] + "and something else altogether")));
    }

    [Fact]
    public async Task The_scan_of_a_run_finds_what_is_planted_in_any_of_its_places()
    {
        await using var portal = await PortalHost.StartRecoveredAsync();
        using var browser = await portal.SignInAsync(People.Maya);
        var token = await browser.TakeTokenAsync();
        var scanner = ScannerFor(portal, [token]);

        var result = await portal.Services.GetRequiredService<AppUserChanges>().AskAsync(await portal.SessionOfAsync(People.Administrator), AppUserAct.Unmap, People.Tomas.Id(), $"because of {token}");
        var structured = new Dictionary<string, object?> { ["Held"] = BoxApp.Credentials().Passphrase };
        portal.Services.GetRequiredService<ILoggerFactory>().CreateLogger("x").Log(LogLevel.Critical, default, structured, null, (_, _) => "no words");

        Assert.IsType<MappingResult.Done>(result);
        Assert.Contains(Files(portal), file => scanner.Find(file.Bytes).Contains("token"));
        Assert.Contains(portal.Logs, line => scanner.Find(line).Contains("passphrase"));
    }

    /// <summary>Sign-ins, tokens, refusals, acts of administrators, faults of Box and of callers.</summary>
    /// <returns>Every token that Box issued.</returns>
    private static async Task<IReadOnlyCollection<string>> LiveThroughADayAsync(PortalHost portal)
    {
        var issued = new HashSet<string>();
        void Note()
        {
            lock (portal.Enterprise.Gate)
            {
                issued.UnionWith(portal.Enterprise.Tokens.Keys);
            }
        }

        var directory = portal.Services.GetRequiredService<AppUserDirectory>();
        var changes = portal.Services.GetRequiredService<AppUserChanges>();
        var administrator = await portal.SessionOfAsync(People.Administrator);
        Person[] people = [People.Maya, People.Tomas, People.Administrator, People.HelpDesk, People.Auditor, People.Newcomer];
        foreach (var person in people)
        {
            using var browser = await portal.SignInAsync(person);
            await browser.TakeTokenAsync();
            Note();
            foreach (var path in new[] { "/", "/people", "/people?q=Maya", "/record", "/record?q=token", "/about", "/nowhere", "/health/live", "/health/ready", "/health/box", "/access-denied", "/error", "/explorer/token", "/appsettings.json" })
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, path);
                request.Headers.Accept.ParseAdd("text/html");
                request.Headers.AcceptEncoding.ParseAdd("gzip");
                await browser.SendAsync(request);
            }

            await browser.AskForTokenAsync(path: "/explorer/empty");
            await browser.AskForTokenAsync(request => request.Headers.Remove("RequestVerificationToken"));
        }

        using var suspended = await portal.SignInAsync(People.Suspended);
        await suspended.TakeRefusalAsync();

        // Box has refused a token to somebody's page.
        using var meddler = await portal.SignInAsync(People.Maya);
        var refusedFingerprint = Secret.Fingerprint(await meddler.TakeTokenAsync());
        await meddler.AskForTokenAsync(request => request.Headers.Add("Refused-Token", refusedFingerprint));
        Note();

        // Box refuses, fails and forgets.
        foreach (var mode in new[] { "html", "empty", "truncate", "reset" })
        {
            await portal.SpoilAsync(new { path = "/oauth2/token", mode });
        }

        using (var unlucky = await portal.SignInAsync(BoxPortal.Sandbox.Directory.Named("mei.tanaka")))
        {
            await unlucky.TakeTokenAsync();
            Note();
        }

        foreach (var value in portal.Enterprise.Tokens.Keys.ToList())
        {
            portal.Enterprise.Revoke(value);
        }

        await directory.FindAppUsersAsync(administrator, "Ma", PortalHost.Cancellation);
        var gone = BoxPortal.Sandbox.Directory.Named("kirsten.moller");
        portal.AppUserOf(gone).Status = "inactive";
        using (var late = await portal.SignInAsync(gone))
        {
            await late.TakeRefusalAsync();
        }

        portal.Enterprise.App.UserAccessTokensEnabled = false;
        using (var refused = await portal.SignInAsync(BoxPortal.Sandbox.Directory.Named("emeka.nwosu")))
        {
            await refused.TakeRefusalAsync();
        }

        portal.Enterprise.App.UserAccessTokensEnabled = true;
        await portal.SpoilAsync(new { path = "/oauth2/token", status = 429, retryAfter = 60 });
        using (var throttled = await portal.SignInAsync(BoxPortal.Sandbox.Directory.Named("rosa.delgado")))
        {
            await throttled.TakeRefusalAsync();
        }

        // The directory is read, though the token and the first pages fail.
        await portal.SpoilAsync(new { path = $"/{BoxPortal.Sandbox.Directory.TenantId}/oauth2/v2.0/token", mode = "html" });
        await portal.SpoilAsync(new { path = "/v1.0/users", status = 401 });
        await portal.SpoilAsync(new { path = "/v1.0/users", mode = "truncate" });
        Assert.NotEmpty(await portal.Services.GetRequiredService<GraphDirectory>().ListAsync(PortalHost.Cancellation).ToListAsync(PortalHost.Cancellation));

        // Administrators act, others try.
        var user = portal.Enterprise.AddAppUser("Mapped by hand", null);
        await changes.AskAsync(administrator, AppUserAct.Unmap, People.Tomas.Id(), "left");
        await changes.MapAsync(administrator, People.Tomas.Id(), user.Id, "is back");
        await changes.MapAsync(await portal.SessionOfAsync(People.HelpDesk), People.Maya.Id(), user.Id, "a test");
        Note();

        // Sign-ins that go wrong, and out again.
        using var failing = portal.NewBrowser();
        var form = await failing.AnswerOfProviderAsync(People.Maya);
        var fields = Browser.Fields(form);
        fields["state"] = "x";
        await failing.PostAsync(form.Action, fields);
        await failing.GetAsync("/sign-in-failed");
        await meddler.PostAsync("/authentication/logout", new() { ["__RequestVerificationToken"] = await meddler.ReadAntiforgeryAsync() });
        Note();
        return issued;
    }

    private static async Task RecordAsync(PortalHost portal, HttpResponseMessage answer, ConcurrentQueue<(string, byte[])> answers)
    {
        var address = answer.RequestMessage!.RequestUri!;
        if (address.Authority != portal.Address.Authority)
        {
            return; // the provider's, or Box's
        }

        var where = $"{answer.RequestMessage.Method} {address.PathAndQuery} ({(int)answer.StatusCode})";
        answers.Enqueue(($"headers of {where}", Encoding.UTF8.GetBytes($"{address} {answer.Headers} {answer.Content.Headers}")));
        // The one answer that may hold a token.
        if (address.AbsolutePath != "/explorer/token" || !answer.IsSuccessStatusCode)
        {
            await answer.Content.LoadIntoBufferAsync(PortalHost.Cancellation);
            answers.Enqueue((where, await answer.Content.ReadAsByteArrayAsync(PortalHost.Cancellation)));
        }
    }

    private static SecretScanner ScannerFor(PortalHost portal, IEnumerable<string> tokens)
    {
        var scanner = new SecretScanner();
        foreach (var token in tokens)
        {
            scanner.Add("token", token);
        }

        var (_, pem, passphrase) = BoxApp.Credentials();
        scanner.Add("passphrase", passphrase);
        scanner.Add("client secret of Box", portal.Enterprise.App.ClientSecret);
        scanner.Add("client secret of the provider", BoxPortal.Sandbox.Directory.ClientSecret);
        using var key = RSA.Create();
        key.ImportFromEncryptedPem(pem, passphrase);
        var parts = key.ExportParameters(includePrivateParameters: true);
        scanner.Add("private exponent", parts.D!);
        scanner.Add("prime", parts.P!);
        scanner.Add("prime", parts.Q!);
        foreach (var line in new[] { pem, key.ExportPkcs8PrivateKeyPem(), key.ExportRSAPrivateKeyPem() }.SelectMany(text => text.Split('\n')).Where(line => line.Length == 64))
        {
            scanner.Add("private key", line);
        }

        return scanner;
    }

    /// <summary>All files the portal keeps, as they are while it runs: what is not in the database yet stands in its log.</summary>
    private static List<(string Where, byte[] Bytes)> Files(PortalHost portal) =>
    [
        .. System.IO.Directory.EnumerateFiles(portal.DataFolder, "*", SearchOption.AllDirectories).Select(file =>
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var bytes = new MemoryStream();
            stream.CopyTo(bytes);
            return (file, bytes.ToArray());
        }),
    ];

    /// <summary>What a tracing back end would be sent.</summary>
    private static ActivityListener Listen(ConcurrentQueue<string> traces)
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity => traces.Enqueue(
                $"{activity.DisplayName} {string.Join(' ', activity.TagObjects)} {string.Join(' ', activity.Baggage)} {string.Join(' ', activity.Events.SelectMany(happening => happening.Tags))} {activity.StatusDescription}"),
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }

    private static byte[] Pack(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(bytes);
        }

        return packed.ToArray();
    }

    [GeneratedRegex(@"eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.")]
    private static partial Regex Jwt();
}
