using Microsoft.AspNetCore.Components;

namespace BoxPortal.AppUsers;

/// <summary>Somebody pressed a button in a row, as the page's script tells it. It comes from the browser: nothing in it is to be believed.</summary>
public sealed class RowActEventArgs : EventArgs
{
    /// <summary>What the button is for: <see cref="PersonRow.Map"/> or <see cref="PersonRow.Unmap"/>.</summary>
    public string? Act { get; set; }

    /// <summary>Whose row it is: the person's object ID.</summary>
    public Guid Row { get; set; }
}

/// <summary>The events of our own that a page can take, by their names in markup.</summary>
[EventHandler("onrowact", typeof(RowActEventArgs))]
public static class EventHandlers;
