using System.Runtime.InteropServices;
using System.Text;
using Hafen.Linux;
using Hafen.Linux.Processes;

namespace Hafen.Init;

/// <summary>
/// The command, from a prepared memory image to a running process. Everything the child needs is laid out in native memory before the
/// clone, because the child may neither allocate nor wait for a collection.
/// </summary>
internal sealed unsafe class CommandProcess : IDisposable
{
    private const int SIGCHLD = 17, LastSignal = 64;
    private const int SIG_SETMASK = 2;
    private const int TIOCSPGRP = 0x5410;
    private const int StandardInput = 0, StandardError = 2;
    private const int NotFound = 127, NotExecutable = 126;

    private readonly List<nint> _memory = [];
    private readonly nint* _arguments;
    private readonly nint* _shellArguments;
    private readonly nint* _environment;
    private readonly nint[] _candidates;
    private readonly byte[][] _failures;

    /// <param name="words">Arguments and environment of this process.</param>
    /// <param name="start">Where the command begins in the arguments.</param>
    public CommandProcess(ProcessWords words, int start)
    {
        var command = words.ArgumentBytes[start..];
        _arguments = Array([.. command.Select(Copy)]);
        _environment = Array([.. words.EnvironmentBytes.Select(Copy)]);
        _candidates = [.. Candidates(command[0], words.EnvironmentBytes).Select(Copy)];
        // A script without an interpreter line is the shell's, as execvp(3) has it: "sh", the script's path (filled in by the child), the rest.
        _shellArguments = Array([Copy("/bin/sh"u8.ToArray()), .. command.Select(Copy)]);
        string name = Encoding.UTF8.GetString(command[0]);
        _failures = new byte[Errno.EDQUOT + 1][];
        for (int errno = 0; errno < _failures.Length; errno++)
            _failures[errno] = Encoding.UTF8.GetBytes($"[FATAL hafen-init] exec {name} failed: {Sentence(Errno.Text(errno))}\n");
    }

    /// <returns>The child's process id, or a negative errno.</returns>
    public int Start()
    {
        fixed (nint* candidates = _candidates)
        {
            nint child = SystemCall.Direct(ExtraCalls.clone, SIGCHLD);
            if (child == 0)
                RunChild(candidates, _candidates.Length);
            return (int)child;
        }
    }

    public void Dispose()
    {
        foreach (nint block in _memory)
            NativeMemory.Free((void*)block);
        _memory.Clear();
    }

    /// <summary>The child: prepared memory and direct calls only.</summary>
    private void RunChild(nint* candidates, int count)
    {
        // A group of its own in the foreground, so that the keyboard's signals reach the command and not us.
        if (SystemCall.Direct(ExtraCalls.setpgid, 0, 0) == 0)
        {
            int group = (int)SystemCall.Direct(SystemCall.getpid);
            // Without a terminal there is nothing to be in the foreground of.
            SystemCall.Direct(SystemCall.ioctl, StandardInput, TIOCSPGRP, (nint)(&group));
        }

        // Nothing ignored, nothing blocked: what our parent or the runtime ignores would be inherited.
        for (int signal = 1; signal <= LastSignal; signal++)
            SignalAction.Set(signal, SignalAction.Default);
        ulong none = 0;
        SystemCall.Direct(SystemCall.rt_sigprocmask, SIG_SETMASK, (nint)(&none), 0, sizeof(ulong));

        int failure = Errno.ENOENT;
        for (int i = 0; i < count; i++)
        {
            int errno = (int)-SystemCall.Direct(SystemCall.execve, candidates[i], (nint)_arguments, (nint)_environment);
            if (errno == Errno.ENOEXEC)
            {
                _shellArguments[1] = candidates[i];
                errno = (int)-SystemCall.Direct(SystemCall.execve, _shellArguments[0], (nint)_shellArguments, (nint)_environment);
            }

            // A later folder may have what this one lacks; a refusal is reported if none has.
            if (errno is not (Errno.ENOENT or Errno.ENOTDIR))
                failure = errno;
            if (errno is not (Errno.ENOENT or Errno.ENOTDIR or Errno.EACCES))
                break;
        }

        byte[] text = _failures[failure < _failures.Length ? failure : Errno.EINVAL];
        fixed (byte* bytes = text)
            SystemCall.Direct(SystemCall.write, StandardError, (nint)bytes, text.Length);
        SystemCall.Direct(SystemCall.exit_group, failure switch { Errno.ENOENT => NotFound, Errno.EACCES => NotExecutable, _ => 1 });
    }

    /// <summary>Where execvp(3) would look: the name itself when it has a slash, otherwise each folder of PATH.</summary>
    private static IEnumerable<byte[]> Candidates(byte[] name, List<byte[]> environment)
    {
        if (name.AsSpan().IndexOf((byte)'/') >= 0)
            return [name];
        byte[]? variable = environment.Find(entry => entry.AsSpan().StartsWith("PATH="u8));
        string path = variable is null ? "/bin:/usr/bin" : Encoding.Latin1.GetString(variable.AsSpan(5));
        return path.Split(':').Select(folder => (byte[])[.. Encoding.Latin1.GetBytes(folder.Length == 0 ? "." : folder), (byte)'/', .. name]);
    }

    private nint Copy(byte[] word)
    {
        byte* copy = (byte*)Allocate(word.Length + 1);
        word.CopyTo(new Span<byte>(copy, word.Length));
        copy[word.Length] = 0;
        return (nint)copy;
    }

    private nint* Array(nint[] pointers)
    {
        nint* array = (nint*)Allocate((pointers.Length + 1) * sizeof(nint));
        pointers.CopyTo(new Span<nint>(array, pointers.Length));
        array[pointers.Length] = 0;
        return array;
    }

    private nint Allocate(int size)
    {
        nint block = (nint)NativeMemory.Alloc((nuint)size);
        _memory.Add(block);
        return block;
    }

    /// <summary>The C library begins its texts with a capital, and scripts compare them.</summary>
    private static string Sentence(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
