namespace BoxPortal.Box;

/// <summary>A way to prove to the token endpoint who we are and whom we want to act as.</summary>
internal interface IBoxGrant
{
    /// <summary>The form to post. Asked anew for every try.</summary>
    IReadOnlyDictionary<string, string> FormFor(BoxSubject subject);
}
