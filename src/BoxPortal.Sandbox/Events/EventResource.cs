using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace BoxPortal.Sandbox;

/// <summary>
/// Box's <c>/events</c>, the enterprise's streams only: <c>admin_logs</c> in order and by date, <c>admin_logs_streaming</c> of the
/// last two weeks. Source: Box API reference, "Events", and its guide "Enterprise events".
/// </summary>
internal static class EventResource
{
    private const int MostEntries = 500;
    private static readonly TimeSpan s_streamed = TimeSpan.FromDays(14);

    public static void MapEvents(this IEndpointRouteBuilder routes) => routes.MapGet("/events", List);

    private static Results<Ok<JsonObject>, BoxError> List(Caller caller, Enterprise enterprise, SandboxClock clock, [AsParameters] Question question)
    {
        if (question.StreamType is not ("admin_logs" or "admin_logs_streaming"))
        {
            return BoxError.BadRequest("stream_type", $"Invalid value '{question.StreamType}'");
        }
        if (caller.RefusalToAdminister(Scope.ManageEnterpriseProperties) is { } refusal)
        {
            return refusal;
        }
        var log = enterprise.Events;
        if (question.StreamPosition == "now")
        {
            return TypedResults.Ok(Write([], log.End));
        }
        if (!long.TryParse(question.StreamPosition ?? "0", NumberStyles.None, CultureInfo.InvariantCulture, out var position))
        {
            return BoxError.BadRequest("stream_position", $"Invalid value '{question.StreamPosition}'");
        }

        var isStreaming = question.StreamType == "admin_logs_streaming";
        var (after, before) = isStreaming ? (clock.GetUtcNow() - s_streamed, null) : (question.CreatedAfter, question.CreatedBefore);
        string[]? types = question.EventType?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var page = log.From(position)
            .Where(happened => (types is null || types.Contains(happened.Type)) && !(happened.At < after) && !(happened.At > before))
            .Take(Math.Clamp(question.Limit ?? 100, 1, MostEntries))
            .ToList();
        return TypedResults.Ok(Write(page, page.Count > 0 ? page[^1].Position + 1 : Math.Max(position, log.End)));
    }

    private static JsonObject Write(List<EnterpriseEvent> page, long next) => new()
    {
        ["chunk_size"] = page.Count,
        ["next_stream_position"] = next.ToString(CultureInfo.InvariantCulture),
        ["entries"] = new JsonArray([.. page.Select(Write)]),
    };

    private static JsonObject Write(EnterpriseEvent happened)
    {
        JsonObject written = new()
        {
            ["type"] = "event",
            ["event_id"] = happened.Id,
            ["event_type"] = happened.Type,
            ["created_at"] = FieldList.Write(happened.At),
            ["created_by"] = new JsonObject { ["type"] = "user", ["id"] = happened.ById, ["name"] = happened.ByName, ["login"] = happened.ByLogin },
            ["source"] = happened.Source.DeepClone(),
            ["ip_address"] = "127.0.0.1",
        };
        if (happened.Details is { } details)
        {
            written["additional_details"] = details.DeepClone();
        }
        return written;
    }

    /// <summary>Which events are wanted.</summary>
    internal sealed class Question
    {
        [FromQuery(Name = "stream_type")]
        public string? StreamType { get; init; }

        [FromQuery(Name = "stream_position")]
        public string? StreamPosition { get; init; }

        [FromQuery(Name = "limit")]
        public int? Limit { get; init; }

        [FromQuery(Name = "event_type")]
        public string? EventType { get; init; }

        [FromQuery(Name = "created_after")]
        public DateTimeOffset? CreatedAfter { get; init; }

        [FromQuery(Name = "created_before")]
        public DateTimeOffset? CreatedBefore { get; init; }
    }
}
