using System.Buffers;
using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
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

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private readonly HubConnection _hub;
    private readonly Browser _browser;
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _broken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Channel<IReadOnlyList<string>> _texts = Channel.CreateUnbounded<IReadOnlyList<string>>();
    private readonly TaskCompletionSource<int> _renderer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly DrawnPage _page = new();
    private readonly ConcurrentDictionary<(string Event, string Label), ulong> _handlers = [];
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _answers = [];
    // As in a browser: the portal forgets a handler once it hears that what took its place is drawn, so nothing may come between finding one and naming it.
    private readonly SemaphoreSlim _speaking = new(1, 1);
    private bool _hasPage; // one that comes to a circuit later has not seen what was drawn before
    private int _calls;

    private CircuitClient(HubConnection hub, Browser browser)
    {
        _hub = hub;
        _browser = browser;
        hub.Closed += _ =>
        {
            _texts.Writer.TryComplete();
            _closed.TrySetResult();
            return Task.CompletedTask;
        };
        hub.On<int, byte[]>("JS.RenderBatch", async (number, bytes) =>
        {
            await _speaking.WaitAsync(Cancellation);
            try
            {
                Take(bytes);
                await hub.SendAsync("OnRenderCompleted", (long)number, null);
            }
            finally
            {
                _speaking.Release();
            }
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
        hub.On<string>("JS.Error", _ => _broken.TrySetResult());
        hub.On<string, bool, string>("JS.EndInvokeDotNet", (call, _, _) => _answers[call].TrySetResult());
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Done when the connection is over.</summary>
    public Task Closed => _closed.Task;

    /// <summary>Done when the circuit has failed at something, which ends it.</summary>
    public Task Broken => _broken.Task;

    /// <summary>The highest handler that was drawn: whoever guesses need not look much further.</summary>
    public ulong LastHandler => _page.LastHandler;

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
    /// <param name="path">Which page.</param>
    /// <param name="drawnFor">Whose page the components are taken from; an attacker may have somebody else's.</param>
    /// <returns>The circuit's id.</returns>
    public async Task<string> StartCircuitAsync(string path, Browser? drawnFor = null)
    {
        using var answer = await (drawnFor ?? _browser).GetAsync(path);
        answer.EnsureSuccessStatusCode();
        var page = await answer.Content.ReadAsStringAsync(Cancellation);
        var components = string.Join(',', Component().Matches(page).Select(match => match.Groups[1].Value));
        var state = State().Match(page).Groups[1].Value;
        _hasPage = true;
        return await _hub.InvokeAsync<string>(
            "StartCircuit", _browser.Address.ToString(), new Uri(_browser.Address, path).ToString(), $"[{components}]", state, Cancellation);
    }

    public Task<bool> ConnectCircuitAsync(string id) => _hub.InvokeAsync<bool>("ConnectCircuit", id, Cancellation);

    public Task<string?> ResumeCircuitAsync(string id) =>
        _hub.InvokeAsync<string?>("ResumeCircuit", id, _browser.Address.ToString(), new Uri(_browser.Address, "/people").ToString(), "[]", "", Cancellation);

    /// <summary>Goes to another page within the circuit.</summary>
    public Task GoToAsync(string path) => _hub.SendAsync("OnLocationChanged", new Uri(_browser.Address, path).ToString(), null, false, Cancellation);

    /// <summary>Clicks a button that was drawn, whether it may be there still or not.</summary>
    public Task ClickAsync(string label) => DispatchAsync(() => HandlerOf("click", label), "click", """{"type":"click"}""");

    /// <summary>Presses a button in a row of the list of people: what its page's script would say of it.</summary>
    public Task ActAsync(string act, BoxPortal.Sandbox.Person person) =>
        DispatchAsync(() => HandlerOf("rowact", ""), "rowact", $$"""{"act":"{{act}}","row":"{{person.ObjectId}}"}""");

    /// <summary>Types into a field that was drawn, or chooses it.</summary>
    /// <param name="happens"><c>input</c> or <c>change</c>.</param>
    /// <param name="label">Which field.</param>
    /// <param name="value">What it holds afterwards.</param>
    public Task EnterAsync(string happens, string label, string value) => DispatchAsync(() => HandlerOf(happens, label), happens, $$"""{"value":"{{value}}"}""");

    /// <summary>Ticks a box that was drawn.</summary>
    public Task TickAsync(string label) => DispatchAsync(() => HandlerOf("change", label), "change", """{"value":true}""");

    /// <summary>Whether a button of exactly that name was drawn.</summary>
    public bool HasDrawn(string label) => _handlers.ContainsKey(("click", label));

    /// <summary>What was drawn into a field.</summary>
    public string? ValueOf(string label) => _page.ValueOf(label);

    /// <summary>Sends a form that was drawn, named by its class.</summary>
    public Task SubmitAsync(string label) => DispatchAsync(() => HandlerOf("submit", label), "submit", "{}");

    /// <summary>Says that something happened, whether it may or not, and waits until the portal has dealt with it.</summary>
    /// <returns>When the portal has answered, or failed at it, or the connection is over.</returns>
    public Task DispatchAsync(ulong handler, string happens, string arguments) => DispatchAsync(() => handler, happens, arguments);

    /// <summary>Waits until the circuit has drawn something that contains this text.</summary>
    public async Task ExpectAsync(string text)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        patience.CancelAfter(s_patience);
        await foreach (var texts in _texts.Reader.ReadAllAsync(patience.Token))
        {
            if (texts.Any(drawn => drawn.Contains(text, StringComparison.Ordinal)))
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
        return [.. (await _texts.Reader.ReadAllAsync(Cancellation).ToListAsync(Cancellation)).SelectMany(texts => texts)];
    }

    /// <summary>The network fails: the circuit stays behind in the portal.</summary>
    public ValueTask DisposeAsync() => _hub.DisposeAsync();

    private async Task DispatchAsync(Func<ulong> handler, string happens, string arguments)
    {
        var call = Interlocked.Increment(ref _calls).ToString(CultureInfo.InvariantCulture);
        var answer = _answers[call] = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var renderer = await _renderer.Task.WaitAsync(s_patience, Cancellation);
        await _speaking.WaitAsync(Cancellation);
        try
        {
            await _hub.SendAsync("BeginInvokeDotNetFromJS", call, null, "DispatchEventAsync", (long)renderer,
                $$"""[{"eventHandlerId":{{handler().ToString(CultureInfo.InvariantCulture)}},"eventName":"{{happens}}","eventFieldInfo":null},{{arguments}}]""", Cancellation);
        }
        finally
        {
            _speaking.Release();
        }

        await Task.WhenAny(answer.Task, Closed, Broken).WaitAsync(s_patience, Cancellation);
    }

    private void Take(byte[] batch)
    {
        if (_hasPage)
        {
            _page.Take(batch);
            foreach (var (happens, label, handler) in _page.Handlers())
            {
                _handlers[(happens, label)] = handler;
            }
        }

        _texts.Writer.TryWrite(DrawnPage.TextsOf(batch));
    }

    /// <summary>By the whole label, or by a part of it that is no other's.</summary>
    private ulong HandlerOf(string happens, string label) =>
        _handlers.TryGetValue((happens, label), out var handler) ? handler
        : _handlers.Where(known => known.Key.Event == happens && known.Key.Label.Contains(label, StringComparison.Ordinal)).ToList() is [var only] ? only.Value
        : throw new InvalidOperationException($"Nothing was drawn that takes “{happens}” at “{label}”, only {string.Join(", ", _handlers.Keys)}.");

    [GeneratedRegex(@"<!--Blazor:(\{""type"":""server"".*?""descriptor"".*?\})-->")]
    private static partial Regex Component();

    [GeneratedRegex("<!--Blazor-Server-Component-State:(.*?)-->")]
    private static partial Regex State();

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
