using System.Runtime.CompilerServices;
using BoxPortal.Graph;

namespace BoxPortal.Imports;

/// <summary>The company's directory as the source of an import.</summary>
public static class DirectorySource
{
    /// <summary>Everybody in the directory who may sign in.</summary>
    /// <param name="directory">Asked as the lines are read; whatever it will not say is an exception, never a shorter list.</param>
    /// <param name="appUser">What each line says of the app user: <c>new</c>, or empty for the one that is certainly theirs.</param>
    public static ImportSource Open(GraphDirectory directory, string appUser) =>
        new("Company directory", "Microsoft Graph, accounts that may sign in.", ReadAsync(directory, appUser));

    private static async IAsyncEnumerable<RawLine> ReadAsync(
        GraphDirectory directory, string appUser, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var number = 0;
        await foreach (var person in directory.ListAsync(cancellationToken))
        {
            if (person.AccountEnabled)
            {
                yield return new RawLine(++number, $"{person.ObjectId}", person.Mail ?? person.UserPrincipalName, person.DisplayName, appUser, Reason: "");
            }
        }
    }
}
