using System.Text;
using Hafen.Content;
using Hafen.Images;
using Hafen.Snapshots.Overlay;
using Hafen.Snapshots.Tests;

namespace Hafen.Images.Tests;

/// <summary>All stores in a folder of the test's own.</summary>
public sealed class StoreFixture : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();

    private StoreFixture(string? root)
    {
        Root = root ?? _folder.Path;
        Content = ContentStore.Open(Root);
        Layers = OverlaySnapshotter.Open(Root);
        Images = ImageStore.OpenAsync(Root, Content, Layers, new ImageStoreOptions { HelloExecutable = "/bin/busybox" }).GetAwaiter().GetResult();
    }

    public string Root { get; }

    public ContentStore Content { get; }

    public OverlaySnapshotter Layers { get; }

    public ImageStore Images { get; }

    public static StoreFixture Open(string? root = null) => new(root);

    public Task<LoadResult> LoadAsync(string path) => LoadAsync(File.ReadAllBytes(path));

    public Task<LoadResult> LoadAsync(byte[] archive) => Images.LoadAsync(new TricklingStream(archive), null, default);

    public async Task<byte[]> SaveAsync(params string[] references)
    {
        MemoryStream target = new();
        await Images.SaveAsync(references, target, default);
        return target.ToArray();
    }

    /// <summary>Everything the stores hold, as names: unchanged after an operation that failed.</summary>
    public async Task<string> ContentsAsync()
    {
        // What is thrown away is deleted on the side.
        for (int i = 0; i < 6000 && Directory.EnumerateFileSystemEntries(Path.Combine(Root, "trash")).Any(); i++)
            await Task.Delay(10);
        StringBuilder names = new();
        foreach (string path in Directory.EnumerateFileSystemEntries(Root, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            // The mark of a layer that is not on the disk yet goes when it likes.
            if (Path.GetFileName(path) != "unsynced")
                names.AppendLine(path);
        }

        return names.ToString();
    }

    public async ValueTask DisposeAsync()
    {
        Images.Dispose();
        await Layers.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>Gives what it has in odd pieces and cannot seek, as a connection does.</summary>
    private sealed class TricklingStream(byte[] content) : Stream
    {
        private int _position;
        private int _piece;

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            _piece = (_piece * 7 % 60_000) + 513;
            count = Math.Min(Math.Min(count, _piece), content.Length - _position);
            content.AsSpan(_position, count).CopyTo(buffer.AsSpan(offset));
            _position += count;
            return count;
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            byte[] piece = new byte[buffer.Length];
            int count = Read(piece, 0, piece.Length);
            piece.AsSpan(0, count).CopyTo(buffer.Span);
            return ValueTask.FromResult(count);
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
