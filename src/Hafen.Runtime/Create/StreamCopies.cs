using Hafen.Errors;
using Hafen.Linux;
using Hafen.Linux.FileSystem;
using Hafen.Linux.Processes;
using Hafen.Runtime.Errors;

namespace Hafen.Runtime.Create;

/// <summary>Copies of a request's streams, all above 2: the child can then put them onto 0, 1 and 2 in any order without losing one.</summary>
internal sealed class StreamCopies : IDisposable
{
    private const int F_DUPFD_CLOEXEC = 1030;
    private readonly List<Descriptor> _copies = [];

    /// <param name="streams">stdin, stdout, stderr; -1 for none.</param>
    /// <param name="lowest">The lowest number a copy may get: above what the process inherits.</param>
    /// <exception cref="RuntimeException">InvalidArgument: a stream is no open descriptor.</exception>
    public StreamCopies((int In, int Out, int Error) streams, int lowest)
    {
        try
        {
            Numbers = (Copy(streams.In, lowest), Copy(streams.Out, lowest), Copy(streams.Error, lowest));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public (int In, int Out, int Error) Numbers { get; }

    public void Dispose()
    {
        foreach (var copy in _copies)
            copy.Dispose();
    }

    private int Copy(int stream, int lowest)
    {
        if (stream < 0)
            return -1;
        int copy = (int)SystemCall.Call(SystemCall.fcntl, stream, F_DUPFD_CLOEXEC, lowest);
        if (copy < 0)
            throw new RuntimeException(ErrorKind.InvalidParameter, "standard streams", $"standard stream {stream}: {Errno.Text(-copy)}", -copy);
        _copies.Add(new Descriptor(copy));
        return copy;
    }
}
