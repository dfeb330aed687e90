using Hafen.Errors;

namespace Hafen.Linux;

/// <summary>A system call that failed: which call, on what, and the errno.</summary>
public sealed class LinuxException : HafenException
{
    public LinuxException(int errno, string call, string? subject = null)
        : base(ErrorKind.System, subject is null ? $"{call}: {Errno.Text(errno)}" : $"{call} {subject}: {Errno.Text(errno)}")
    {
        Number = errno;
        Call = call;
        Subject = subject;
    }

    /// <summary>The errno value, positive.</summary>
    public int Number { get; }

    /// <summary>Name of the call, for example <c>mount</c>.</summary>
    public string Call { get; }

    /// <summary>The path or object the call was about.</summary>
    public string? Subject { get; }
}
