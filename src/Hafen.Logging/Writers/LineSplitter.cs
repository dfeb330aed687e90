using Hafen.Linux.Descriptors;

namespace Hafen.Logging.Writers;

/// <summary>Takes the lines a <see cref="LineSplitter"/> finds.</summary>
internal interface ILineSink
{
    /// <param name="line">The line without its newline, at most <see cref="LineSplitter.Limit"/> bytes; valid during the call only.</param>
    /// <param name="complete">Whether a newline ended it; false for a piece of a longer line and for the rest before the end of the stream.</param>
    /// <param name="continued">Whether it belongs to the same line as the piece before it.</param>
    void Line(ReadOnlySpan<byte> line, bool complete, bool continued);
}

/// <summary>
/// Cuts a stream into lines as Docker does: at newlines, and a line longer than 16 KiB into pieces of 16 KiB, counted from the line's start.
/// Whole lines are passed on where they lie; only what a read cut off in its middle is copied.
/// </summary>
internal sealed class LineSplitter(ILineSink sink) : IDisposable
{
    /// <summary>Longest piece in bytes.</summary>
    public const int Limit = 16 * 1024;

    private MappedMemory? _carry;
    private int _carried;
    private bool _continued;

    /// <summary>Takes what was read.</summary>
    public void Feed(ReadOnlySpan<byte> data)
    {
        while (!data.IsEmpty)
        {
            int room = Math.Min(Limit - _carried, data.Length);
            int newline = data[..room].IndexOf((byte)'\n');
            if (newline >= 0)
            {
                Emit(Joined(data[..newline]), complete: true);
                data = data[(newline + 1)..];
            }
            else if (_carried + room == Limit)
            {
                Emit(Joined(data[..room]), complete: false);
                data = data[room..];
            }
            else
            {
                Carry(data);
                return;
            }
        }
    }

    /// <summary>The stream has ended: what has no newline goes out as it is.</summary>
    public void End()
    {
        if (_carried > 0)
            Emit(_carry!.Span[.._carried], complete: false);
    }

    /// <summary>Gives unused memory back.</summary>
    public void Release()
    {
        if (_carried > 0 || _carry is null)
            return;
        _carry.Dispose();
        _carry = null;
    }

    public void Dispose() => _carry?.Dispose();

    private ReadOnlySpan<byte> Joined(ReadOnlySpan<byte> data)
    {
        if (_carried == 0)
            return data;
        Carry(data);
        return _carry!.Span[.._carried];
    }

    private void Carry(ReadOnlySpan<byte> data)
    {
        _carry ??= new MappedMemory(Limit);
        data.CopyTo(_carry.Span[_carried..]);
        _carried += data.Length;
    }

    private void Emit(ReadOnlySpan<byte> line, bool complete)
    {
        sink.Line(line, complete, _continued);
        _continued = !complete;
        _carried = 0;
    }
}
