using System.Text;

namespace BoxPortal.Tests.SignIn;

/// <summary>What a circuit has drawn up to now, as Blazor's script would keep it: so a test can find the button that somebody would press.</summary>
/// <remarks>Source: <c>RenderBatchWriter</c> of .NET 10 and <c>BrowserRenderer.ts</c>.</remarks>
internal sealed class DrawnPage
{
    private readonly Dictionary<int, Node> _components = [];

    /// <summary>The highest handler there has been: whoever guesses need not look further.</summary>
    public ulong LastHandler { get; private set; }

    /// <summary>All texts that come with what the portal says.</summary>
    public static IReadOnlyList<string> TextsOf(byte[] batch) => new Reader(batch).Texts;

    /// <summary>Changes the page as the portal says.</summary>
    public void Take(byte[] batch)
    {
        var reader = new Reader(batch);
        for (var index = 0; index < reader.Diffs; index++)
        {
            var at = reader.Diff(index);
            Apply(reader, at + 8, reader.Int(at + 4), Component(reader.Int(at)));
        }
    }

    /// <summary>What can be done to the page: an event, the label of what it happens to, and the handler's number.</summary>
    public IEnumerable<(string Event, string Label, ulong Handler)> Handlers() =>
        _components.Values.SelectMany(component => component.WithDescendants()).SelectMany(node => node.Handlers.Select(handler => (handler.Key, node.Label, handler.Value)));

    /// <summary>What stands in a field; <c>null</c> where nothing was drawn into it.</summary>
    public string? ValueOf(string label) =>
        _components.Values.SelectMany(component => component.WithDescendants()).First(node => node.Handlers.Count > 0 && node.Label == label).Attributes.GetValueOrDefault("value");

    private Node Component(int id) => _components.TryGetValue(id, out var known) ? known : _components[id] = new Node("");

    private void Apply(Reader reader, int at, int count, Node root)
    {
        var node = root;
        List<(int From, int To)> moves = [];
        for (var edit = at; edit < at + (16 * count); edit += 16)
        {
            var (sibling, argument) = (reader.Int(edit + 4), reader.Int(edit + 8));
            switch ((Edit)reader.Int(edit))
            {
                case Edit.PrependFrame:
                    Insert(reader, argument, node, sibling);
                    break;
                case Edit.RemoveFrame:
                    node.Children.RemoveAt(sibling);
                    break;
                case Edit.SetAttribute:
                    SetAttribute(reader, argument, node.Children[sibling]);
                    break;
                case Edit.RemoveAttribute:
                    node.Children[sibling].Forget(reader.Text(reader.Int(edit + 12))!);
                    break;
                case Edit.UpdateText or Edit.UpdateMarkup:
                    node.Children[sibling].Text = reader.Text(reader.Int(reader.Frame(argument) + 4)) ?? "";
                    break;
                case Edit.StepIn:
                    node = node.Children[sibling];
                    break;
                case Edit.StepOut:
                    node = node.Parent!;
                    break;
                case Edit.PermutationListEntry:
                    moves.Add((sibling, argument));
                    break;
                case Edit.PermutationListEnd:
                    var before = node.Children.ToArray();
                    moves.ForEach(move => node.Children[move.To] = before[move.From]);
                    moves.Clear();
                    break;
            }
        }
    }

    /// <returns>How many nodes were put in: a region is none itself, and may hold several.</returns>
    private int Insert(Reader reader, int frame, Node parent, int sibling)
    {
        var at = reader.Frame(frame);
        var end = frame + Math.Max(1, reader.Int(at + 4)); // of those that have something within
        switch ((Frame)reader.Int(at))
        {
            case Frame.Element:
                var element = parent.Insert(sibling, new Node(reader.Text(reader.Int(at + 8))!));
                var inside = frame + 1;
                for (; inside < end && (Frame)reader.Int(reader.Frame(inside)) == Frame.Attribute; inside++)
                {
                    SetAttribute(reader, inside, element);
                }

                InsertAll(reader, inside, end, element, 0);
                return 1;
            case Frame.Region:
                return InsertAll(reader, frame + 1, end, parent, sibling);
            case Frame.Component:
                parent.Insert(sibling, Component(reader.Int(at + 8)));
                return 1;
            case Frame.Text or Frame.Markup:
                parent.Insert(sibling, new Node("") { Text = reader.Text(reader.Int(at + 4)) ?? "" });
                return 1;
            default:
                return 0;
        }
    }

    private int InsertAll(Reader reader, int frame, int end, Node parent, int sibling)
    {
        var first = sibling;
        while (frame < end)
        {
            var at = reader.Frame(frame);
            sibling += Insert(reader, frame, parent, sibling);
            frame += (Frame)reader.Int(at) is Frame.Element or Frame.Region or Frame.Component ? reader.Int(at + 4) : 1;
        }

        return sibling - first;
    }

    private void SetAttribute(Reader reader, int frame, Node node)
    {
        var at = reader.Frame(frame);
        var name = reader.Text(reader.Int(at + 4))!;
        if (reader.Long(at + 12) is > 0 and var handler)
        {
            node.Handlers[name[2..]] = handler;
            LastHandler = Math.Max(LastHandler, handler);
        }
        else
        {
            node.Attributes[name] = reader.Text(reader.Int(at + 8)) ?? "";
        }
    }

    private enum Edit
    {
        PrependFrame = 1,
        RemoveFrame,
        SetAttribute,
        RemoveAttribute,
        UpdateText,
        StepIn,
        StepOut,
        UpdateMarkup,
        PermutationListEntry,
        PermutationListEnd,
    }

    private enum Frame
    {
        Element = 1,
        Text,
        Attribute,
        Component,
        Region,
        Markup = 8,
    }

    private sealed class Node(string name)
    {
        public Node? Parent { get; private set; }

        public string Text { get; set; } = "";

        public List<Node> Children { get; } = [];

        public Dictionary<string, string> Attributes { get; } = [];

        public Dictionary<string, ulong> Handlers { get; } = [];

        /// <summary>What somebody would call it; a form by its class.</summary>
        public string Label =>
            Attributes.GetValueOrDefault("aria-label")
            ?? (name == "form" ? Attributes.GetValueOrDefault("class")
            : name == "input" ? Attributes.GetValueOrDefault("id") ?? Parent!.WholeText.Trim()
            : WholeText.Trim()) ?? "";

        private string WholeText => Text + string.Concat(Children.Select(child => child.WholeText));

        public Node Insert(int sibling, Node child)
        {
            Children.Insert(sibling, child);
            child.Parent = this;
            return child;
        }

        public void Forget(string attribute)
        {
            Attributes.Remove(attribute);
            Handlers.Remove(attribute.Length > 2 ? attribute[2..] : attribute);
        }

        public IEnumerable<Node> WithDescendants() => Children.SelectMany(child => child.WithDescendants()).Prepend(this);
    }

    /// <summary>Five tables, their places at the end; an edit has sixteen bytes, a frame twenty.</summary>
    private sealed class Reader
    {
        private readonly byte[] _bytes;
        private readonly int _diffs;
        private readonly int _frames;
        private readonly int _strings;

        public Reader(byte[] bytes)
        {
            _bytes = bytes;
            (_diffs, _frames, _strings) = (Int(bytes.Length - 20), Int(bytes.Length - 16), Int(bytes.Length - 4));
            Texts = [.. Enumerable.Range(0, (bytes.Length - 20 - _strings) / 4).Select(index => Text(index)!)];
        }

        public IReadOnlyList<string> Texts { get; }

        public int Diffs => Int(_diffs);

        public int Diff(int index) => Int(_diffs + 4 + (4 * index));

        public int Frame(int index) => _frames + 4 + (20 * index);

        public int Int(int at) => BitConverter.ToInt32(_bytes, at);

        public ulong Long(int at) => BitConverter.ToUInt64(_bytes, at);

        public string? Text(int index)
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
}
