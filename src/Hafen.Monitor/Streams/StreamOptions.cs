namespace Hafen.Monitor.Streams;

/// <summary>How a process is connected.</summary>
/// <param name="Terminal">One terminal instead of three pipes.</param>
/// <param name="OpenStdin">Whether clients can send input.</param>
/// <param name="StdinOnce">Whether the end of a client's input is the end of the process's.</param>
internal readonly record struct StreamOptions(bool Terminal, bool OpenStdin, bool StdinOnce);

/// <summary>The descriptors a child gets as 0, 1 and 2; -1 for <c>/dev/null</c>.</summary>
internal readonly record struct ChildEnds(int Stdin, int Stdout, int Stderr)
{
    /// <summary>Closes them in the parent: an end of file is seen only when nobody else holds the other end.</summary>
    public void Close()
    {
        foreach (int end in (ReadOnlySpan<int>)[Stdin, Stdout, Stderr])
        {
            if (end >= 0)
                Linux.Descriptors.RawDescriptor.Close(end);
        }
    }
}
