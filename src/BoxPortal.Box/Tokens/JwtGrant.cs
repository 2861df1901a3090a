using System.Globalization;
using BoxPortal.Box.Configuration;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace BoxPortal.Box;

/// <summary>
/// An assertion signed with the app's key. Source: Box's guide "JWT without SDK". Each has its own <c>jti</c>: Box honours one once.
/// </summary>
internal sealed class JwtGrant(BoxApp app, BoxClock clock) : IBoxGrant
{
    /// <summary>Box's name for its token endpoint, whatever address it is reached at.</summary>
    private const string Audience = "https://api.box.com/oauth2/token";

    /// <summary>Box allows 60 seconds from its own clock; the rest is for the difference between the clocks.</summary>
    private static readonly TimeSpan s_life = TimeSpan.FromSeconds(45);

    private readonly JsonWebTokenHandler _writer = new() { SetDefaultTimesOnTokenCreation = false };
    private readonly SigningCredentials _signing =
        new(new RsaSecurityKey(app.Key) { KeyId = app.PublicKeyId }, SecurityAlgorithms.RsaSha512);

    public IReadOnlyDictionary<string, string> FormFor(BoxSubject subject) => new Dictionary<string, string>
    {
        ["grant_type"] = "urn:ietf:params:oauth:grant-type:jwt-bearer",
        ["client_id"] = app.ClientId,
        ["client_secret"] = app.ClientSecret,
        ["assertion"] = Assertion(subject),
    };

    private string Assertion(BoxSubject subject)
    {
        var (type, id) = subject.ToBox(app);
        return _writer.CreateToken(new SecurityTokenDescriptor
        {
            SigningCredentials = _signing,
            Claims = new Dictionary<string, object>
            {
                ["iss"] = app.ClientId,
                ["sub"] = id, // a string: Box refuses a number
                ["box_sub_type"] = type,
                ["aud"] = Audience,
                ["jti"] = Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture),
                ["exp"] = (clock.GetUtcNow() + s_life).ToUnixTimeSeconds(),
            },
        });
    }
}
