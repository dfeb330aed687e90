using System.IO.Compression;
using Hafen.Linux.Trees;
using Hafen.Snapshots.Tar;

namespace Hafen.Snapshots.Layers;

/// <summary>
/// Writes how a layer's tar is put together again from its files (docs/decisions/0010): runs of framing bytes, each followed by the name of the file whose
/// content comes next. Gzip over records of: length and bytes of the framing; length and bytes of the path, empty at the end and <see cref="MoreFraming"/>
/// when the run goes on in the next record; content length; number of pieces of a sparse file; offset and length of each. Numbers are 7 bits a byte, low first.
/// </summary>
internal sealed class RecipeWriter : ITarFraming, IDisposable
{
    /// <summary>Stands where a path is expected; no file has this name.</summary>
    public const string MoreFraming = "/";

    // A hostile archive may be nothing but framing, zeros behind its end for example, and gigabytes of it.
    private const int LongestRun = 64 * 1024;

    private readonly BinaryWriter _output;
    private readonly MemoryStream _framing = new();

    public RecipeWriter(string path)
        => _output = new BinaryWriter(new BufferedStream(new GZipStream(File.Create(path), CompressionLevel.Fastest), 64 * 1024));

    /// <summary>Contents named so far.</summary>
    public int Contents { get; private set; }

    public void Framing(ReadOnlySpan<byte> bytes)
    {
        _framing.Write(bytes);
        if (_framing.Length < LongestRun)
            return;
        WriteFraming();
        WritePath(MoreFraming);
    }

    /// <summary>The content of a file of the layer comes here.</summary>
    public void Content(string path, long length, IReadOnlyList<TarExtent>? pieces)
    {
        WriteFraming();
        WritePath(path);
        _output.Write7BitEncodedInt64(length);
        _output.Write7BitEncodedInt(pieces?.Count ?? 0);
        foreach (var piece in pieces ?? [])
        {
            _output.Write7BitEncodedInt64(piece.Offset);
            _output.Write7BitEncodedInt64(piece.Length);
        }

        Contents++;
    }

    /// <summary>Ends the recipe; without this a reader refuses it.</summary>
    public void Complete()
    {
        WriteFraming();
        _output.Write7BitEncodedInt(0);
        _output.Flush();
    }

    public void Dispose() => _output.Dispose();

    private void WritePath(string path)
    {
        _output.Write7BitEncodedInt(path.Length);
        _output.Write(BytePath.ToBytes(path));
    }

    private void WriteFraming()
    {
        _output.Write7BitEncodedInt64(_framing.Length);
        _output.Write(_framing.GetBuffer().AsSpan(0, (int)_framing.Length));
        _framing.SetLength(0);
    }
}
