using System.Net;
using System.Text.Json;
using Polly;
using Polly.Registry;
using Polly.Timeout;

namespace BoxPortal.Graph;

/// <summary>
/// The wire. A try is a whole one: written out anew, sent, its answer read to the end and understood. So retries see a cut or
/// garbled answer as what it is, and whatever goes wrong leaves here as a <see cref="GraphException"/>.
/// </summary>
/// <param name="clients">Gives the connection.</param>
/// <param name="pipelines">Holds the retries.</param>
/// <param name="clock">Our clock.</param>
public sealed class GraphHttp(IHttpClientFactory clients, ResiliencePipelineProvider<string> pipelines, TimeProvider clock)
{
    internal const string ClientName = "Graph";

    /// <summary>A page of 999 people is below 1 MB; what is far above that is not Graph.</summary>
    private const int LargestAnswerInBytes = 16 * 1024 * 1024;

    private readonly ResiliencePipeline _retries = pipelines.GetPipeline(GraphRetries.Name);

    internal static void Configure(HttpClient client)
    {
        client.Timeout = Timeout.InfiniteTimeSpan; // the retries hold the time limits
        client.MaxResponseContentBufferSize = LargestAnswerInBytes;
        client.DefaultRequestHeaders.UserAgent.ParseAdd("BoxPortal");
    }

    /// <summary>No redirects: none of our calls has one, and a followed one would hand the token to whoever it names.</summary>
    internal static HttpMessageHandler CreateHandler() => new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.All,
        ConnectTimeout = TimeSpan.FromSeconds(5),
    };

    /// <summary>Makes the call, as often as <see cref="GraphRetries"/> allows, and understands the answer.</summary>
    internal async Task<T> SendAsync<T>(GraphCall call, Func<byte[], T> read, CancellationToken cancellationToken)
    {
        GraphException? last = null;
        try
        {
            return await _retries.ExecuteAsync(
                async stop =>
                {
                    last = null; // what an earlier try was told says nothing about this one
                    try
                    {
                        return await TryAsync(call, read, stop);
                    }
                    catch (GraphException fault)
                    {
                        last = fault;
                        throw;
                    }
                },
                cancellationToken);
        }
        catch (TimeoutRejectedException late)
        {
            throw last ?? new GraphException($"{call.Address.Host} did not answer {call} in time.", late) { IsTransient = true };
        }
    }

    private async Task<T> TryAsync<T>(GraphCall call, Func<byte[], T> read, CancellationToken cancellationToken)
    {
        using var client = clients.CreateClient(ClientName);
        using var request = call.ToRequest();
        HttpStatusCode? status = null;
        try
        {
            using var response = await client.SendAsync(request, cancellationToken);
            status = response.StatusCode;
            var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            return response.IsSuccessStatusCode ? read(body) : throw GraphFault.Read(call, response, body, clock.GetUtcNow());
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException or InvalidDataException)
        {
            // The last two: the connection ended, or the packing was damaged, in the middle of the body.
            var error = (fault as HttpRequestException)?.HttpRequestError ?? HttpRequestError.ResponseEnded;
            throw new GraphException($"{call.Address.Host} gave no whole answer to {call}: {error}.", fault) { IsTransient = true };
        }
        catch (JsonException fault)
        {
            // Not the parser's own words: they quote what they stumbled over.
            throw new GraphException($"{call.Address.Host} answered {call} with something that is not what it should be (at {fault.Path ?? "the start"}).")
            {
                Status = status,
                IsTransient = true,
            };
        }
    }
}
