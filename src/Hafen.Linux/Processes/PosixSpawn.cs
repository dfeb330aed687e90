using System.Runtime.InteropServices;
using System.Text;
using Hafen.Linux.FileSystem;

namespace Hafen.Linux.Processes;

/// <summary>
/// posix_spawn(3): glibc clones with CLONE_VFORK | CLONE_VM and runs only C between clone and execve, so it is safe in a process with any number of
/// managed threads (architecture, rule 1). Signal mask and dispositions of the child are the default ones.
/// </summary>
public static unsafe partial class PosixSpawn
{
    private const int StandardError = 2;
    private const short POSIX_SPAWN_SETSIGDEF = 0x04, POSIX_SPAWN_SETSIGMASK = 0x08, POSIX_SPAWN_SETSID = 0x80;

    // Sizes of glibc's types on x86-64 are 80, 336 and 128 bytes; other architectures stay below these.
    private const int FileActionsRoom = 256, AttributesRoom = 512, SignalSetRoom = 128;

    /// <summary>Starts the program.</summary>
    /// <returns>Its pid; the caller reaps it.</returns>
    /// <exception cref="LinuxException">The program could not be started, for example ENOENT.</exception>
    public static int Start(SpawnRequest request)
    {
        using var arguments = new NativeStrings(request.Arguments);
        using var environment = request.Environment is { } lines ? new NativeStrings(lines) : NativeStrings.OfEnvironment();
        byte* actions = stackalloc byte[FileActionsRoom];
        byte* attributes = stackalloc byte[AttributesRoom];
        var temporary = new List<Descriptor>();
        Check(posix_spawn_file_actions_init(actions), "posix_spawn_file_actions_init");
        try
        {
            Check(posix_spawnattr_init(attributes), "posix_spawnattr_init");
            AddDescriptors(actions, request.Descriptors, temporary);
            if (request.WorkingDirectory is { } directory)
            {
                fixed (byte* bytes = Encoding.UTF8.GetBytes(directory + '\0'))
                    Check(posix_spawn_file_actions_addchdir_np(actions, bytes), "posix_spawn_file_actions_addchdir_np");
            }
            SetSignals(attributes, request.NewSession);
            int pid;
            fixed (byte* path = Encoding.UTF8.GetBytes(request.Path + '\0'))
                Check(posix_spawn(&pid, path, actions, attributes, arguments.Pointer, environment.Pointer), "exec", request.Path);
            return pid;
        }
        finally
        {
            posix_spawn_file_actions_destroy(actions);
            foreach (var descriptor in temporary)
                descriptor.Dispose();
        }
    }

    private static void AddDescriptors(byte* actions, (int Source, int Target)[] descriptors, List<Descriptor> temporary)
    {
        for (int i = 0; i < descriptors.Length; i++)
        {
            var (source, target) = descriptors[i];
            // An earlier dup2 may have replaced this source; a copy taken now keeps its meaning, above all the targets.
            if (Array.Exists(descriptors[..i], earlier => earlier.Target == source))
            {
                var copy = DuplicateAbove(source, descriptors.Max(d => d.Target) + 1);
                temporary.Add(copy);
                source = copy.Number;
            }
            // glibc clears FD_CLOEXEC also when source and target are the same.
            Check(posix_spawn_file_actions_adddup2(actions, source, target), "posix_spawn_file_actions_adddup2");
        }

        // What this process was given without FD_CLOEXEC by whoever started it is not the child's either.
        int highest = descriptors.Select(d => d.Target).Append(StandardError).Max();
        Check(posix_spawn_file_actions_addclosefrom_np(actions, highest + 1), "posix_spawn_file_actions_addclosefrom_np");
    }

    private static Descriptor DuplicateAbove(int source, int lowest)
    {
        const int F_DUPFD_CLOEXEC = 1030;
        nint copy = SystemCall.Call(SystemCall.fcntl, source, F_DUPFD_CLOEXEC, lowest);
        return copy >= 0 ? new Descriptor((int)copy) : throw new LinuxException((int)-copy, "fcntl", "F_DUPFD_CLOEXEC");
    }

    private static void SetSignals(byte* attributes, bool newSession)
    {
        byte* set = stackalloc byte[SignalSetRoom];
        new Span<byte>(set, SignalSetRoom).Clear();
        Check(posix_spawnattr_setsigmask(attributes, set), "posix_spawnattr_setsigmask");
        // Signals 1 to 64 without glibc's own two (32, 33), KILL (9) and STOP (19), which have no disposition to set.
        new Span<byte>(set, 8).Fill(0xff);
        *(ulong*)set &= ~(1UL << 31 | 1UL << 32 | 1UL << 8 | 1UL << 18);
        Check(posix_spawnattr_setsigdefault(attributes, set), "posix_spawnattr_setsigdefault");
        short flags = (short)(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | (newSession ? POSIX_SPAWN_SETSID : 0));
        Check(posix_spawnattr_setflags(attributes, flags), "posix_spawnattr_setflags");
    }

    private static void Check(int error, string call, string? subject = null)
    {
        if (error != 0)
            throw new LinuxException(error, call, subject);
    }

    [LibraryImport("libc")]
    private static partial int posix_spawn(int* pid, byte* path, byte* actions, byte* attributes, byte** argv, byte** envp);

    [LibraryImport("libc")]
    private static partial int posix_spawn_file_actions_init(byte* actions);

    [LibraryImport("libc")]
    private static partial int posix_spawn_file_actions_destroy(byte* actions);

    [LibraryImport("libc")]
    private static partial int posix_spawn_file_actions_adddup2(byte* actions, int source, int target);

    [LibraryImport("libc")]
    private static partial int posix_spawn_file_actions_addclosefrom_np(byte* actions, int from);

    [LibraryImport("libc")]
    private static partial int posix_spawn_file_actions_addchdir_np(byte* actions, byte* path);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_init(byte* attributes);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_setflags(byte* attributes, short flags);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_setsigmask(byte* attributes, byte* set);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_setsigdefault(byte* attributes, byte* set);
}
