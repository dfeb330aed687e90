namespace Hafen.Networking.Files;

/// <summary>A container's <c>/etc/hostname</c>.</summary>
public static class HostnameFile
{
    /// <summary>The file's text: the host name and a line end.</summary>
    public static string Build(string hostname) => hostname + "\n";
}
