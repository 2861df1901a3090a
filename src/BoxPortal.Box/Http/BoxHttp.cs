using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Polly;
using Polly.CircuitBreaker;
using Polly.Registry;
using Polly.Timeout;

namespace BoxPortal.Box.Http;

/// <summary>
/// The wire. A try is a whole one: written out anew, sent, its answer read to the end and understood. So retries see a cut or
/// garbled answer as what it is, and whatever goes wrong leaves here as a <see cref="BoxApiException"/>.
/// </summary>
/// <param name="clients">Gives the connection.</param>
/// <param name="pipelines">Holds the retries.</param>
/// <param name="budget">Which tries of the service account's wait for.</param>
/// <param name="options">Where Box is.</param>
/// <param name="clock">Our clock.</param>
public sealed class BoxHttp(
    IHttpClientFactory clients,
    ResiliencePipelineProvider<string> pipelines,
    CallBudget budget,
    IOptions<BoxOptions> options,
    TimeProvider clock)
{
    internal const string ClientName = "Box";

    /// <summary>A page of 1,000 entries is below 1 MB; what is far above that is not Box.</summary>
    private const int LargestAnswerInBytes = 16 * 1024 * 1024;

    private readonly ResiliencePipeline _calls = pipelines.GetPipeline(BoxRetries.Calls);
    private readonly ResiliencePipeline _tries = pipelines.GetPipeline(BoxRetries.Tries);

    internal static void Configure(HttpClient client)
    {
        client.Timeout = Timeout.InfiniteTimeSpan; // the retries hold the time limits
        client.MaxResponseContentBufferSize = LargestAnswerInBytes;
        client.DefaultRequestHeaders.UserAgent.ParseAdd("BoxPortal");
    }

    /// <summary>No redirects: none of our calls has one, and a followed one would hand secrets to whoever it names.</summary>
    internal static HttpMessageHandler CreateHandler() => new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.All,
        ConnectTimeout = TimeSpan.FromSeconds(5),
    };

    /// <summary>Makes the call, as often as <see cref="BoxRetries"/> allows, and understands the answer.</summary>
    internal async Task<T> SendAsync<T>(BoxCall call, Func<byte[], T> read, CancellationToken cancellationToken)
    {
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        context.Properties.Set(BoxRetries.IsRepeatable, call.IsRepeatable);
        context.Properties.Set(BoxRetries.IsForJobs, call.IsOfServiceAccount && budget.IsForJobs);
        var tries = 0;
        BoxApiException? last = null;
        try
        {
            return await _calls.ExecuteAsync(
                async context =>
                {
                    if (call.IsOfServiceAccount)
                    {
                        await budget.PassAsync(context.CancellationToken);
                    }

                    tries++;
                    last = null; // what an earlier try was told says nothing about this one
                    try
                    {
                        return await _tries.ExecuteAsync(async stop => await TryAsync(call, read, stop), context.CancellationToken);
                    }
                    catch (BoxApiException fault)
                    {
                        last = fault;
                        fault.Tries = tries;
                        if (call.IsOfServiceAccount && fault is { Status: HttpStatusCode.TooManyRequests, RetryAfter: { } wait })
                        {
                            budget.RestJobs(wait);
                        }

                        throw;
                    }
                },
                context);
        }
        catch (TimeoutRejectedException late)
        {
            throw last ?? new BoxApiException(
                tries > 0 ? $"Box did not answer {call} in time." : $"Box was not asked {call}: too many calls wait before it.", late)
            {
                IsTransient = true,
                Tries = tries,
            };
        }
        catch (BrokenCircuitException pause)
        {
            throw new BoxApiException($"Box was not asked {call}: it has been failing and is left alone for a moment.", pause)
            {
                IsTransient = true,
                RetryAfter = pause.RetryAfter,
                Tries = tries,
            };
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private async Task<T> TryAsync<T>(BoxCall call, Func<byte[], T> read, CancellationToken cancellationToken)
    {
        using var client = clients.CreateClient(ClientName);
        client.BaseAddress = options.Value.ApiBaseAddress;
        using var request = call.ToRequest(out var secrets);
        HttpStatusCode? status = null;
        try
        {
            using var response = await client.SendAsync(request, cancellationToken);
            status = response.StatusCode;
            var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            if (response.IsSuccessStatusCode && call.Method == HttpMethod.Delete && status != HttpStatusCode.NoContent)
            {
                // Box says 204; a proxy's page says nothing of whether Box has been asked.
                throw new BoxApiException($"Something answered {call} with {(int)status}, as Box does not.") { Status = status, IsTransient = true };
            }

            return response.IsSuccessStatusCode
                ? read(body)
                : throw BoxFault.Read(call, response, body, secrets, clock.GetUtcNow());
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException or InvalidDataException)
        {
            // The last two: the connection ended, or the packing was damaged, in the middle of the body.
            var error = (fault as HttpRequestException)?.HttpRequestError ?? HttpRequestError.ResponseEnded;
            throw new BoxApiException($"Box gave no whole answer to {call}: {error}.", fault) { IsTransient = true };
        }
        catch (JsonException fault)
        {
            // Not the parser's own words: they quote what they stumbled over.
            throw new BoxApiException($"Box answered {call} with something that is not what it should be (at {fault.Path ?? "the start"}).")
            {
                Status = status,
                IsTransient = true,
            };
        }
    }
}
