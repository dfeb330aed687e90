using Hafen.Oci.Runtime;

namespace Hafen.Runtime.Cli.Options;

/// <summary>A mount of <c>--rootfs</c>: <c>type=overlay,source=overlay,lowerdir=/a:/b,upperdir=/u,workdir=/w</c>.</summary>
internal static class MountArgument
{
    /// <exception cref="UsageException">There is no type.</exception>
    public static SpecMount Parse(string text)
    {
        string? type = null, source = null;
        var options = new List<string>();
        foreach (string part in text.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part.StartsWith("type=", StringComparison.Ordinal))
                type = part[5..];
            else if (part.StartsWith("source=", StringComparison.Ordinal))
                source = part[7..];
            else
                options.Add(part);
        }

        return new SpecMount
        {
            Destination = "/",
            Type = type ?? throw new UsageException($"--rootfs {text}: type= is missing"),
            Source = source,
            Options = [.. options],
        };
    }
}
