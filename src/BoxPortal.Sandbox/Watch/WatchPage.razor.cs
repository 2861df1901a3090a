using System.Globalization;
using Microsoft.AspNetCore.Components;

namespace BoxPortal.Sandbox.Watch;

/// <summary>The sandbox at work.</summary>
public sealed partial class WatchPage
{
    /// <summary>What is shown, as it was when the page was asked for.</summary>
    [Parameter, EditorRequired]
    public required WatchView View { get; set; }

    private static string Told(int number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string At(DateTimeOffset at) => at.ToString("HH:mm:ss", CultureInfo.InvariantCulture);
}
