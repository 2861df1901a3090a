using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.DependencyInjection;

namespace BoxPortal.Tests.SignIn;

/// <summary>Speaks to the portal's circuits as Blazor's script does, with a browser's cookies, and says whatever a test wants said.</summary>
internal sealed partial class CircuitClient : IAsyncDisposable
{
    /// <summary>The kind of result of a call that gets hold of something in the page. Source: <c>JSCallResultType</c>.</summary>
    private const int ObjectReference = 1;

    private readonly HubConnection _hub;
    private readonly Browser _browser;
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Channel<RenderBatch> _batches = Channel.CreateUnbounded<RenderBatch>();
    private readonly TaskCompletionSource<int> _renderer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Dictionary<string, ulong> _clicks = [];

    private CircuitClient(HubConnection hub, Browser browser)
    {
        _hub = hub;
        _browser = browser;
        hub.Closed += _ =>
        {
            _batches.Writer.TryComplete();
            _closed.TrySetResult();
            return Task.CompletedTask;
        };
        hub.On<int, byte[]>("JS.RenderBatch", async (number, bytes) =>
        {
            _batches.Writer.TryWrite(new RenderBatch(bytes));
            await hub.SendAsync("OnRenderCompleted", (long)number, null);
        });
        hub.On<long, string, string, int, long, int>("JS.BeginInvokeJS", async (call, function, arguments, kind, _, _) =>
        {
            if (function == "Blazor._internal.attachWebRendererInterop")
            {
                _renderer.TrySetResult(JsonNode.Parse(arguments)![1]!["__dotNetObject"]!.GetValue<int>());
            }

            // A module does whatever is asked of it; anything else is not there, e.g. in the browser's storage.
            await hub.SendAsync("EndInvokeJSFromDotNet", call, true, $"[{call},true,{(kind == ObjectReference ? """{"__jsObjectId":1}""" : "null")}]");
        });
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Done when the connection is over.</summary>
    public Task Closed => _closed.Task;

    public static async Task<CircuitClient> ConnectAsync(Browser browser)
    {
        var origin = browser.Address.GetLeftPart(UriPartial.Authority);
        var builder = new HubConnectionBuilder().WithUrl(new Uri(browser.Address, "/_blazor"), connection =>
        {
            connection.Transports = HttpTransportType.WebSockets;
            connection.SkipNegotiation = true;
            connection.Headers["Origin"] = origin;
            connection.Headers["Cookie"] = string.Join("; ",
                browser.Cookies.Jar.Where(cookie => cookie.Key.Origin == origin).Select(cookie => $"{cookie.Key.Name}={cookie.Value}"));
        });
        builder.Services.AddSingleton<IHubProtocol>(new BlazorPack());
        var client = new CircuitClient(builder.Build(), browser);
        await client._hub.StartAsync(Cancellation);
        return client;
    }

    /// <summary>Fetches a page and starts its circuit.</summary>
    /// <returns>The circuit's id.</returns>
    public async Task<string> StartCircuitAsync(string path)
    {
        using var answer = await _browser.GetAsync(path);
        answer.EnsureSuccessStatusCode();
        var page = await answer.Content.ReadAsStringAsync(Cancellation);
        var components = string.Join(',', Component().Matches(page).Select(match => match.Groups[1].Value));
        var state = State().Match(page).Groups[1].Value;
        return await _hub.InvokeAsync<string>(
            "StartCircuit", _browser.Address.ToString(), new Uri(_browser.Address, path).ToString(), $"[{components}]", state, Cancellation);
    }

    public Task<bool> ConnectCircuitAsync(string id) => _hub.InvokeAsync<bool>("ConnectCircuit", id, Cancellation);

    public Task<string?> ResumeCircuitAsync(string id) =>
        _hub.InvokeAsync<string?>("ResumeCircuit", id, _browser.Address.ToString(), new Uri(_browser.Address, "/people").ToString(), "[]", "", Cancellation);

    /// <summary>Goes to another page within the circuit.</summary>
    public Task GoToAsync(string path) => _hub.SendAsync("OnLocationChanged", new Uri(_browser.Address, path).ToString(), null, false, Cancellation);

    /// <summary>Clicks a button that was drawn, whether it may be there still or not.</summary>
    public async Task ClickAsync(string label)
    {
        var handler = _clicks[label].ToString(CultureInfo.InvariantCulture);
        await _hub.SendAsync("BeginInvokeDotNetFromJS", "1", null, "DispatchEventAsync", (long)await _renderer.Task.WaitAsync(TimeSpan.FromSeconds(10), Cancellation),
            $$"""[{"eventHandlerId":{{handler}},"eventName":"click","eventFieldInfo":null},{"type":"click"}]""", Cancellation);
    }

    /// <summary>Waits until the circuit has drawn something that contains this text.</summary>
    public async Task ExpectAsync(string text)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        patience.CancelAfter(TimeSpan.FromSeconds(10));
        await foreach (var batch in _batches.Reader.ReadAllAsync(patience.Token))
        {
            foreach (var (label, handler) in batch.Clicks)
            {
                _clicks[label] = handler;
            }

            if (batch.Texts.Any(drawn => drawn.Contains(text, StringComparison.Ordinal)))
            {
                return;
            }
        }

        throw new InvalidOperationException($"The circuit closed before it drew “{text}”.");
    }

    /// <summary>Waits for the end of the connection.</summary>
    /// <returns>Everything that the circuit has drawn and no test has looked at.</returns>
    public async Task<IReadOnlyList<string>> WaitForEndAsync()
    {
        await Closed.WaitAsync(TimeSpan.FromSeconds(5), Cancellation);
        return [.. await _batches.Reader.ReadAllAsync(Cancellation).SelectMany(batch => batch.Texts).ToListAsync(Cancellation)];
    }

    /// <summary>The network fails: the circuit stays behind in the portal.</summary>
    public ValueTask DisposeAsync() => _hub.DisposeAsync();

    [GeneratedRegex(@"<!--Blazor:(\{""type"":""server"".*?""descriptor"".*?\})-->")]
    private static partial Regex Component();

    [GeneratedRegex("<!--Blazor-Server-Component-State:(.*?)-->")]
    private static partial Regex State();

    /// <summary>What a circuit has drawn: all texts, and which handler a click on the button with that label calls.</summary>
    /// <remarks>Source: <c>RenderBatchWriter</c> of .NET 10. Five tables, their places at the end; a frame has twenty bytes.</remarks>
    private sealed class RenderBatch
    {
        private const int Attribute = 3;
        private readonly byte[] _bytes;
        private readonly int _strings;

        public RenderBatch(byte[] bytes)
        {
            _bytes = bytes;
            var frames = Int(bytes.Length - 16);
            _strings = Int(bytes.Length - 4);
            for (var at = _strings; at < bytes.Length - 20; at += 4)
            {
                Texts.Add(Text((at - _strings) / 4)!);
            }

            var label = "";
            for (var frame = 0; frame < Int(frames); frame++)
            {
                var at = frames + 4 + (20 * frame);
                if (Int(at) == Attribute && Text(Int(at + 4)) is "aria-label")
                {
                    label = Text(Int(at + 8)) ?? "";
                }
                else if (Int(at) == Attribute && Text(Int(at + 4)) is "onclick")
                {
                    Clicks[label] = BitConverter.ToUInt64(_bytes, at + 12);
                }
            }
        }

        public List<string> Texts { get; } = [];

        public Dictionary<string, ulong> Clicks { get; } = [];

        private int Int(int at) => BitConverter.ToInt32(_bytes, at);

        private string? Text(int index)
        {
            if (index < 0)
            {
                return null;
            }

            var at = Int(_strings + (4 * index));
            var (length, shift) = (0, 0);
            do
            {
                length |= (_bytes[at] & 0x7F) << shift;
                shift += 7;
            }
            while ((_bytes[at++] & 0x80) != 0);

            return Encoding.UTF8.GetString(_bytes, at, length);
        }
    }

    /// <summary>The only protocol that circuits speak: SignalR's MessagePack under a name of its own.</summary>
    private sealed class BlazorPack : IHubProtocol
    {
        private readonly MessagePackHubProtocol _messagePack = new();

        public string Name => "blazorpack";

        public int Version => 1;

        public TransferFormat TransferFormat => TransferFormat.Binary;

        public bool IsVersionSupported(int version) => version == Version;

        public ReadOnlyMemory<byte> GetMessageBytes(HubMessage message) => _messagePack.GetMessageBytes(message);

        public void WriteMessage(HubMessage message, IBufferWriter<byte> output) => _messagePack.WriteMessage(message, output);

        public bool TryParseMessage(ref ReadOnlySequence<byte> input, IInvocationBinder binder, [NotNullWhen(true)] out HubMessage? message) =>
            _messagePack.TryParseMessage(ref input, binder, out message);
    }
}
