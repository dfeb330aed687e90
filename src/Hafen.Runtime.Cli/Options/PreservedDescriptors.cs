using Hafen.Linux.FileSystem;

namespace Hafen.Runtime.Cli.Options;

/// <summary>How many descriptors from 3 on the process inherits (<c>--preserve-fds</c>).</summary>
internal static class PreservedDescriptors
{
    private const int First = 3;

    /// <exception cref="UsageException">No number, or one of them is not open.</exception>
    public static int Count(VerbOptions options)
    {
        int count = options.Number("preserve-fds");
        for (int i = 0; i < count; i++)
        {
            if (!Descriptor.IsOpen(First + i))
                throw new UsageException($"descriptor {First + i} is not open: --preserve-fds {count} passes on {count} from {First} on");
        }
        return count;
    }
}
