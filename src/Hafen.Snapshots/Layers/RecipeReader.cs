using System.IO.Compression;
using Hafen.Linux.FileSystem;
using Hafen.Linux;
using Hafen.Linux.Trees;
using Hafen.Snapshots.Pipelines;
using Hafen.Snapshots.Tar;

namespace Hafen.Snapshots.Layers;

/// <summary>Puts a layer's tar together from its recipe and its files; the counterpart of <see cref="RecipeWriter"/>.</summary>
internal sealed class RecipeReader(int layer, int replaced, Replacements replacements, BlockQueue output) : IDisposable
{
    private readonly BlockOutput _output = new(output);
    private int _contents;

    /// <summary>Writes the whole tar; the queue stays open.</summary>
    /// <exception cref="InvalidDataException">The recipe or a file of the layer is damaged.</exception>
    public void Run(string recipePath)
    {
        using BinaryReader input = new(new BufferedStream(new GZipStream(File.OpenRead(recipePath), CompressionMode.Decompress), 64 * 1024));
        try
        {
            while (true)
            {
                CopyFraming(input, input.Read7BitEncodedInt64());
                int pathLength = input.Read7BitEncodedInt();
                if (pathLength == 0)
                    break;
                string path = BytePath.FromBytes(input.ReadBytes(pathLength));
                if (path == RecipeWriter.MoreFraming)
                    continue;
                long length = input.Read7BitEncodedInt64();
                var pieces = new TarExtent[input.Read7BitEncodedInt()];
                for (int i = 0; i < pieces.Length; i++)
                    pieces[i] = new TarExtent(input.Read7BitEncodedInt64(), input.Read7BitEncodedInt64());
                CopyContent(path, length, pieces);
                _contents++;
            }
        }
        catch (EndOfStreamException exception)
        {
            throw new InvalidDataException("the layer's recipe is truncated", exception);
        }

        _output.Flush();
    }

    public void Dispose() => _output.Dispose();

    private void CopyFraming(BinaryReader input, long length)
    {
        while (length > 0)
        {
            var free = _output.Room();
            int count = input.Read(free.Length > length ? free[..(int)length] : free);
            if (count == 0)
                throw new EndOfStreamException();
            _output.Advance(count);
            length -= count;
        }
    }

    private void CopyContent(string path, long length, TarExtent[] pieces)
    {
        int file = OpenFile(path);
        try
        {
            if (pieces.Length == 0)
            {
                CopyPiece(file, path, 0, length);
                return;
            }

            foreach (var piece in pieces)
                CopyPiece(file, path, piece.Offset, piece.Length);
        }
        finally
        {
            _ = TreeCalls.Close(file);
        }
    }

    private void CopyPiece(int file, string path, long offset, long length)
    {
        while (length > 0)
        {
            var free = _output.Room();
            int count = TreeCalls.Check(TreeCalls.ReadAt(file, free.Length > length ? free[..(int)length] : free, offset), "read", path);
            if (count == 0)
                throw new InvalidDataException($"the layer's file {BytePath.ToText(path)} is shorter than it was");
            _output.Advance(count);
            offset += count;
            length -= count;
        }
    }

    private int OpenFile(string path)
    {
        int root = layer;
        string at = path;
        if (replacements.Find(path, _contents) is var (index, length))
        {
            root = replaced;
            at = index + path[length..];
        }
        else if (LinkStore.Holds(path))
        {
            root = replaced;
        }

        int file = TreeCalls.OpenBeneath(
            root,
            at,
            OpenFlags.O_RDONLY | OpenFlags.O_NOFOLLOW | OpenFlags.O_NONBLOCK,
            OpenFlags.RESOLVE_BENEATH | OpenFlags.RESOLVE_NO_SYMLINKS | OpenFlags.RESOLVE_NO_MAGICLINKS);
        return file >= 0 ? file : throw new InvalidDataException($"the layer's file {BytePath.ToText(path)} cannot be read: {Errno.Text(-file)}");
    }
}
