using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace BoxPortal.Box.Http;

/// <summary>Calls to Box's API as somebody: the service account, unless a call names another.</summary>
/// <param name="http">The wire.</param>
/// <param name="tokens">The tokens to act with.</param>
public sealed class BoxApi(BoxHttp http, BoxSubjectTokens tokens)
{
    /// <summary>As many as Box puts on a page of users, groups, memberships, collaborations or items.</summary>
    private const int PageSize = 1000;

    /// <summary>Box refuses an offset above this.</summary>
    private const int LargestOffset = 10_000;

    private static readonly BoxSubject s_serviceAccount = new BoxSubject.ServiceAccount();

    /// <summary>
    /// An ID as part of a path. One that Box could never have given is answered as Box answers an unknown one, without asking:
    /// in a path it might name something else.
    /// </summary>
    internal static string Id(string id) => id.Length > 0 && id.All(char.IsAsciiLetterOrDigit)
        ? id
        : throw new BoxApiException("Not asked of Box: not an ID of Box's.") { Status = HttpStatusCode.NotFound, Code = "not_found" };

    /// <summary>Makes a call whose answer is one resource.</summary>
    internal Task<T> SendAsync<T>(BoxCall call, JsonTypeInfo<T> type, CancellationToken cancellationToken) where T : IBoxResource =>
        SendAsync(call, type, subject: null, cancellationToken);

    /// <summary>As <see cref="SendAsync{T}(BoxCall, JsonTypeInfo{T}, CancellationToken)"/>, as whoever is named.</summary>
    internal Task<T> SendAsync<T>(BoxCall call, JsonTypeInfo<T> type, BoxSubject? subject, CancellationToken cancellationToken) where T : IBoxResource =>
        SendAsync(subject ?? s_serviceAccount, call, body => Whole(Understand(body, type)), cancellationToken);

    /// <summary>
    /// Deletes. Where a lost answer made us ask twice, "not found" is the proof that the first had done it.
    /// </summary>
    internal async Task DeleteAsync(string pathAndQuery, CancellationToken cancellationToken)
    {
        try
        {
            await SendAsync(s_serviceAccount, new BoxCall(HttpMethod.Delete, pathAndQuery), _ => true, cancellationToken);
        }
        catch (BoxApiException fault) when (fault is { Status: HttpStatusCode.NotFound, Tries: > 1 })
        {
        }
    }

    /// <summary>A list that Box pages by marker.</summary>
    internal async IAsyncEnumerable<T> ListByMarkerAsync<T>(
        string pathAndQuery, JsonTypeInfo<Page<T>> type, BoxSubject? subject, [EnumeratorCancellation] CancellationToken cancellationToken)
        where T : IBoxResource
    {
        for (string? marker = null; ;)
        {
            var page = await PageAsync(
                $"{pathAndQuery}&limit={PageSize}{(marker is null ? "" : $"&marker={Uri.EscapeDataString(marker)}")}", type, subject, cancellationToken);
            foreach (var entry in page.Entries)
            {
                yield return entry;
            }

            if (string.IsNullOrEmpty(page.NextMarker))
            {
                yield break;
            }

            if (page.NextMarker == marker)
            {
                throw new BoxApiException("Box's list leads back to the same page.") { IsTransient = true };
            }

            marker = page.NextMarker;
        }
    }

    /// <summary>
    /// A list that Box pages by offset. The next page begins after the answer's <c>limit</c>, not after its entries: Box leaves
    /// out what is hidden from the caller. Beyond offset 10,000 there is no way to read on, and half a list is not the list.
    /// </summary>
    internal async IAsyncEnumerable<T> ListByOffsetAsync<T>(
        string pathAndQuery, JsonTypeInfo<Page<T>> type, [EnumeratorCancellation] CancellationToken cancellationToken)
        where T : IBoxResource
    {
        for (var offset = 0; ;)
        {
            if (offset > LargestOffset)
            {
                throw new BoxApiException($"Box gives no more than the first {LargestOffset + PageSize} entries of this list, and it has more.") { IsOfListCutOff = true };
            }

            var page = await PageAsync($"{pathAndQuery}&limit={PageSize}&offset={offset}", type, subject: null, cancellationToken);
            if (page is not { TotalCount: >= 0, Limit: > 0 })
            {
                throw new BoxApiException("Box's page of a list does not say where the next one begins.") { IsTransient = true };
            }

            foreach (var entry in page.Entries)
            {
                yield return entry;
            }

            offset = (int)Math.Min((long)offset + page.Limit.Value, int.MaxValue);
            if (offset >= page.TotalCount)
            {
                yield break;
            }
        }
    }

    /// <summary>
    /// A part of a list that Box pages by offset, from <paramref name="skip"/> on. What lies beyond the largest offset is read from there.
    /// </summary>
    /// <returns>The entries, and how many there are in all; Box shows no more of them than the first 11,000.</returns>
    internal async Task<(IReadOnlyList<T> Entries, int Total)> ReadPartAsync<T>(
        string pathAndQuery, JsonTypeInfo<Page<T>> type, int skip, int take, CancellationToken cancellationToken)
        where T : IBoxResource
    {
        var offset = Math.Min(skip, LargestOffset);
        var limit = Math.Min(skip - offset + take, PageSize);
        var page = await PageAsync($"{pathAndQuery}&limit={limit}&offset={offset}", type, subject: null, cancellationToken);
        return page.TotalCount is >= 0 and var total
            ? ([.. page.Entries.Skip(skip - offset)], total)
            : throw new BoxApiException("Box's page of a list does not say how many entries there are.") { IsTransient = true };
    }

    private Task<Page<T>> PageAsync<T>(
        string pathAndQuery, JsonTypeInfo<Page<T>> type, BoxSubject? subject, CancellationToken cancellationToken)
        where T : IBoxResource =>
        SendAsync(
            subject ?? s_serviceAccount,
            new BoxCall(HttpMethod.Get, pathAndQuery),
            body =>
            {
                var page = Understand(body, type);
                foreach (var entry in page.Entries)
                {
                    Whole(entry);
                }

                return page;
            },
            cancellationToken);

    /// <summary>On a 401 the token has been revoked under us: it is forgotten, and another one gets one chance.</summary>
    private async Task<T> SendAsync<T>(BoxSubject subject, BoxCall call, Func<byte[], T> read, CancellationToken cancellationToken)
    {
        call = call with { IsOfServiceAccount = subject is BoxSubject.ServiceAccount };
        var token = await tokens.GetAsync(subject, cancellationToken);
        try
        {
            return await http.SendAsync(call with { Bearer = token.Value }, read, cancellationToken);
        }
        catch (BoxApiException fault) when (fault.Status == HttpStatusCode.Unauthorized)
        {
            tokens.Forget(subject, token);
        }

        token = await tokens.GetAsync(subject, cancellationToken);
        return await http.SendAsync(call with { Bearer = token.Value }, read, cancellationToken);
    }

    private static T Understand<T>(byte[] body, JsonTypeInfo<T> type) =>
        JsonSerializer.Deserialize(body, type) ?? throw new JsonException("null");

    private static T Whole<T>(T resource) where T : IBoxResource =>
        string.IsNullOrWhiteSpace(resource?.Id) ? throw new JsonException("no id") : resource;
}
