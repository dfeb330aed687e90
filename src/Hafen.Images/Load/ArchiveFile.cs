using Hafen.Snapshots.Pipelines;
using Hafen.Snapshots.Tar;

namespace Hafen.Images.Load;

/// <summary>Tells layers from documents by what they begin with; the names differ from program to program.</summary>
internal static class ArchiveFile
{
    /// <param name="head">The file's beginning, at least a block unless it is shorter.</param>
    /// <param name="size">Bytes of the file.</param>
    public static bool IsLayer(string path, ReadOnlySpan<byte> head, long size)
        => Decompression.Detect(head) != CompressionKind.None || IsPlainTar(head, size) || path.EndsWith(".tar", StringComparison.Ordinal)
            // Docker takes a layer that is no tar at all for one without entries.
            || (size == 0 && path.StartsWith("blobs/", StringComparison.Ordinal));

    /// <summary>A tar header, or the zeros of an archive without entries.</summary>
    public static bool IsPlainTar(ReadOnlySpan<byte> head, long size)
    {
        if (head.Length < TarWriter.BlockSize)
            return false;
        head = head[..TarWriter.BlockSize];
        return head.ContainsAnyExcept((byte)0) ? TarReader.LooksLikeHeader(head) : size % TarWriter.BlockSize == 0;
    }
}
