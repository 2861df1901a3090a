namespace BoxPortal.Sandbox;

/// <summary>Where the sandbox listens and who may call it. Section <c>Sandbox</c> when it runs alone.</summary>
public sealed class SandboxOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Sandbox";

    /// <summary>Addresses to listen on, separated by <c>;</c>. Port 0 takes a free one.</summary>
    public string Urls { get; set; } = "http://localhost:5081";

    /// <summary>Origins on the seeded app's CORS list, whose pages may call Box from a browser and may be redirected to after sign-in. Configuration adds to the default.</summary>
    public IList<string> PortalOrigins { get; init; } = ["http://localhost:5080"];

    /// <summary>How many calls each user may make in any minute; at Box 1,000. None unless told.</summary>
    public int? CallsPerMinute { get; set; }

    /// <summary>How many files, or parts of large ones, each user may send in any minute; at Box 240. None unless told.</summary>
    public int? UploadsPerMinute { get; set; }

    /// <summary>How often each user may search in any minute; at Box 60. None unless told.</summary>
    public int? SearchesPerMinute { get; set; }

    /// <summary>How often each user may search in any second; at Box 6. None unless told.</summary>
    public int? SearchesPerSecond { get; set; }

    /// <summary>How long a change of memberships and collaborations takes until the people concerned see it. At once unless told.</summary>
    public TimeSpan SpreadsWithin { get; set; }

    /// <summary>How long a new or renamed item takes until a search finds it. At once unless told; at Box it may be ten minutes.</summary>
    public TimeSpan FindsWithin { get; set; }

    /// <summary>Whether <c>/_sandbox</c> exists. Alone, the sandbox opens it in the Development environment only.</summary>
    public bool Controls { get; set; }
}
