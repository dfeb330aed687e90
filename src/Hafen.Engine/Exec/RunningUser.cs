using Hafen.Engine.Containers;
using Hafen.Engine.Containers.Spec;
using Hafen.Errors;
using Hafen.Linux;
using Hafen.Linux.FileSystem;

namespace Hafen.Engine.Exec;

/// <summary>Looks a user up in the root of a running container, whose processes may change it under our hands.</summary>
internal static class RunningUser
{
    private const int MostBytes = 16 * 1024 * 1024;

    /// <exception cref="UserLookupException">Not found.</exception>
    public static ContainerUser Find(Container container, string? user)
    {
        using var root = OpenRoot(container);
        return UserLookup.Find(user, container.Record.HostConfig.GroupAdd, Read(root, "etc/passwd"), Read(root, "etc/group"));
    }

    private static Descriptor OpenRoot(Container container)
    {
        try
        {
            return Files.Open($"/proc/{container.State.Pid}/root", OpenFlags.O_PATH | OpenFlags.O_DIRECTORY);
        }
        catch (LinuxException exception)
        {
            throw new EngineException(ErrorKind.Conflict, $"container {container.Id} is not running", exception);
        }
    }

    /// <summary>Beneath the root whatever links say, without waiting on a pipe that was put there, and not more than memory allows.</summary>
    private static byte[] Read(Descriptor root, string path)
    {
        try
        {
            using var file = Files.OpenBeneath(
                root.Number, path, OpenFlags.O_RDONLY | OpenFlags.O_NONBLOCK | OpenFlags.O_NOCTTY, OpenFlags.RESOLVE_IN_ROOT | OpenFlags.RESOLVE_NO_MAGICLINKS);
            var status = FileStatus.Of(file.Number);
            if (status.Type != statx_t.S_IFREG)
                throw new UserLookupException($"/{path} is not a regular file");
            if (status.stx_size > MostBytes)
                throw new UserLookupException($"/{path} is larger than {MostBytes} bytes");
            byte[] content = new byte[(int)status.stx_size];
            int length = 0;
            while (length < content.Length)
            {
                int count = Files.Read(file.Number, content.AsSpan(length));
                if (count < 0)
                    throw new LinuxException(-count, "read", path);
                if (count == 0)
                    break;
                length += count;
            }
            return content[..length];
        }
        catch (LinuxException exception) when (exception.Number is Errno.ENOENT or Errno.ENOTDIR)
        {
            return [];
        }
    }
}
