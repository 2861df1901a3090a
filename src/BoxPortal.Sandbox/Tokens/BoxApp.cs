using System.Security.Cryptography;

namespace BoxPortal.Sandbox;

/// <summary>The app as its maker registered it in the developer console and the administrator authorised it.</summary>
public sealed class BoxApp
{
    // A key takes a while to make and nobody needs a second one: every sandbox of a process registers the same.
    private static readonly RSA s_key = RSA.Create(2048);
    private static readonly string s_passphrase = Secret.New();
    private static readonly string s_clientSecret = Secret.New();

    private readonly Dictionary<string, RSA> _publicKeys = new() { [FirstKeyId] = s_key };

    private const string FirstKeyId = "sbxkey01";

    public string ClientId { get; } = "boxportalsandbox0000000000000001";

    public string ClientSecret { get; } = s_clientSecret;

    /// <summary>Registered public keys by the id that an assertion names as <c>kid</c>.</summary>
    public IReadOnlyDictionary<string, RSA> PublicKeys => _publicKeys;

    /// <summary>The switch "Generate user access tokens": without it only the service account gets tokens.</summary>
    public bool UserAccessTokensEnabled { get; set; } = true;

    /// <summary>Whether the enterprise's administrator has authorised the app.</summary>
    public bool Authorised { get; set; } = true;

    /// <summary>What the app may do at most, and what its undivided tokens may do.</summary>
    public IReadOnlySet<string> Scopes { get; } =
        new HashSet<string> { Scope.RootReadWrite, Scope.ManageAppUsers, Scope.ManageManagedUsers, Scope.ManageGroups, Scope.ManageEnterpriseProperties };

    /// <summary>The console's "CORS domains", without a trailing slash. <c>https://*.example.com</c> means any subdomain.</summary>
    public IList<string> CorsOrigins { get; } = [];

    /// <summary>Registers another key, as the console does when a key is rotated.</summary>
    public void AddPublicKey(string id, RSA key) => _publicKeys.Add(id, key);

    /// <summary>Removes a key: assertions signed with it are refused from now on.</summary>
    public void RemovePublicKey(string id) => _publicKeys.Remove(id);

    /// <summary>The private key as the console hands it out: PKCS#8, encrypted.</summary>
    public static (string KeyId, string EncryptedPrivateKey, string Passphrase) Credentials() =>
        (FirstKeyId,
        s_key.ExportEncryptedPkcs8PrivateKeyPem(s_passphrase, new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 2048)) + "\n",
        s_passphrase);

    internal void Restore()
    {
        _publicKeys.Clear();
        _publicKeys.Add(FirstKeyId, s_key);
        UserAccessTokensEnabled = Authorised = true;
    }
}
