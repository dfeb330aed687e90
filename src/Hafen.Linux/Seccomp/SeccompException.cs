namespace Hafen.Linux.Seccomp;

/// <summary>A profile that is malformed or cannot be compiled here; the message is meant for the user.</summary>
public sealed class SeccompException : Exception
{
    public SeccompException(string message, Exception? inner = null) : base(message, inner)
    {
    }
}
