// Names only, so that the portal compiles: each type moves to a file of its own as the client is written, and this file goes.
#pragma warning disable
using System.Net;
namespace BoxPortal.Box;
public interface IExpiringToken { DateTimeOffset ExpiresAt { get; } }
public abstract record BoxSubject { public sealed record AppUser(string Id) : BoxSubject; public sealed record ServiceAccount : BoxSubject; }
public sealed record AccessToken(string Value, DateTimeOffset ExpiresAt) : IExpiringToken { public string Fingerprint => ""; }
public sealed record DownscopedToken(string Value, DateTimeOffset ExpiresAt, IReadOnlyList<string> Scopes) : IExpiringToken { public string Fingerprint => ""; }
public sealed class BoxOptions { public Uri ApiBaseAddress { get; set; } = new("https://api.box.com"); public Uri UploadBaseAddress { get; set; } = new("https://upload.box.com"); }
public sealed class BoxTokens { public Task<DownscopedToken> DownscopeAsync(AccessToken t, IReadOnlyList<string> s, CancellationToken c) => throw null!; }
public sealed class TokenCache { public ValueTask<T> GetOrMintAsync<T>(string key, TimeSpan min, Func<CancellationToken, Task<T>> mint, CancellationToken ct) where T : class, IExpiringToken => throw null!; }
public sealed class BoxSubjectTokens { public ValueTask<AccessToken> GetAsync(BoxSubject s, CancellationToken c) => throw null!; public ValueTask ForgetAsync(BoxSubject s, CancellationToken c) => throw null!; }
public enum BoxUserStatus { Active, Inactive }
public sealed record BoxUser(string Id, string Name, string Login, BoxUserStatus Status, string? ExternalAppUserId, bool IsPlatformAccessOnly, string? Language, long SpaceAmountInBytes, DateTimeOffset CreatedAt);
public sealed record NewAppUser(string Name, string ExternalAppUserId, string Language, long Space);
public sealed record BoxUserChanges { public string? ExternalAppUserId { get; init; } }
public sealed class BoxUsers { public Task<BoxUser?> GetAsync(string id, CancellationToken c) => throw null!; public Task<BoxUser?> FindByExternalIdAsync(string id, CancellationToken c) => throw null!; public IAsyncEnumerable<BoxUser> ListAsync(string? filterTerm, CancellationToken c) => throw null!; public Task<BoxUser> CreateAppUserAsync(NewAppUser u, CancellationToken c) => throw null!; public Task<BoxUser> UpdateAsync(string id, BoxUserChanges ch, CancellationToken c) => throw null!; }
public sealed record Mini(string Id); public sealed record BoxGroupMembership(Mini Group); public sealed record BoxCollaboration(bool IsAccessOnly);
public sealed class BoxGroupMemberships { public IAsyncEnumerable<BoxGroupMembership> ListOfUserAsync(string id, CancellationToken c) => throw null!; }
public sealed class BoxGroups { public IAsyncEnumerable<BoxCollaboration> ListCollaborationsAsync(string id, CancellationToken c) => throw null!; }
public sealed record BoxReachability(bool IsReachable, string Description);
public sealed class BoxHealth { public Task<BoxReachability> CheckAsync(CancellationToken c) => throw null!; }
public sealed class BoxApiException : Exception { public BoxApiException(BoxApiException e) {} public HttpStatusCode? Status; public string? Code, RequestId; public TimeSpan? RetryAfter; public bool IsTransient, IsAboutSubject; }
public static class X { public static Microsoft.Extensions.DependencyInjection.IServiceCollection AddBox(this Microsoft.Extensions.DependencyInjection.IServiceCollection s) => s; }
